/** Modules of the client that its types do not expose. Its version is pinned, because they may change without notice. */
declare module 'kafkajs/src/*' {
  const internal: unknown
  export default internal
}
