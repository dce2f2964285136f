import { runFiles } from './run-files.mjs'

const atOnce = 3

/** Runs these files with servers that they share; what cannot share starts its own. */
export const runWithServers = async files => {
  if (files.length === 0) return
  const { lenderVariable, openLender } = await import('../../dist/rig/servers/lender.js')
  const lender = await openLender()
  process.env[lenderVariable] = lender.url
  try {
    await runFiles(files, atOnce)
  } finally {
    await lender.stop()
  }
}
