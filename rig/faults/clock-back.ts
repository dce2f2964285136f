// Loaded before the worker in its process. SIGUSR2 sets its clock back by an hour.
const original = Date.now.bind(Date)
let behindMs = 0

Date.now = () => original() - behindMs
process.on('SIGUSR2', () => (behindMs += 3_600_000))
