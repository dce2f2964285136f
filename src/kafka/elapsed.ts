/**
 * Milliseconds that never go back, as fast as the faster of two clocks. The wall clock may be set back, and the monotonic
 * clock stops while a virtual machine is suspended. With only one of them a lost membership could seem confirmed.
 *
 * @param monotonic milliseconds since some moment
 * @param wall milliseconds since 1970
 */
export const elapsedOf = (monotonic: () => number, wall: () => number): (() => number) => {
  let [lastMonotonic, lastWall, elapsed] = [monotonic(), wall(), 0]
  return () => {
    const [nowMonotonic, nowWall] = [monotonic(), wall()]
    elapsed += Math.max(0, nowMonotonic - lastMonotonic, nowWall - lastWall)
    lastMonotonic = nowMonotonic
    lastWall = nowWall
    return elapsed
  }
}
