// Loaded before the worker in its process. Its clock jumps an hour forward and back every two seconds.
const original = Date.now.bind(Date)
const hourMs = 3_600_000

Date.now = () => {
  const steps = [0, hourMs, -hourMs]
  return original() + (steps[Math.floor(original() / 2_000) % steps.length] ?? 0)
}
