/** Modules of the client that its types do not expose. Its version is pinned, because they may change without notice. */
declare module 'cassandra-driver/lib/*' {
  const internal: unknown
  export default internal
}
