/** Takes the jobs, which are async functions, in their order, several at the same time. */
export const runJobs = async (jobs, atOnce) => {
  const left = [...jobs]
  const lane = async () => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) await job()
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}
