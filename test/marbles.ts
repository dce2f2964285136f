import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { type OperatorFunction } from 'rxjs'
import { type RunHelpers, TestScheduler } from 'rxjs/testing'

/** The tools of a test in virtual time: RxJS's own helpers, and the clock for everything under test. */
export interface Run extends RunHelpers {
  readonly clock: TestScheduler
}

const lineOf = (entry: unknown): string =>
  inspect(entry, { depth: 8, breakLength: Infinity, compact: 20 })
    .replace(/^(TestMessage|SubscriptionLog) /, '')
    .replace(/\n +at .*/g, '')

const assertSame = (actual: unknown[], expected: unknown[]): void => {
  try {
    assert.deepStrictEqual(actual, expected)
  } catch (error) {
    // One line for each time is easier to compare than nested objects.
    assert.deepStrictEqual(actual.map(lineOf), expected.map(lineOf))
    throw error
  }
}

// Milliseconds. An endless timer ends here, so its test fails instead of hanging.
const longest = 1_000_000

/** Runs a test body in virtual time, with diagrams of one character for each millisecond. */
export const marbles = (body: (run: Run) => void) => (): void => {
  const clock = new TestScheduler(assertSame)
  clock.run(helpers => {
    clock.maxFrames = longest
    body({ ...helpers, clock })
  })
}

/** The tests that every operator must pass; `value` is a value that it accepts. */
export const idlesUntilValues = <T>(operator: (run: Run) => OperatorFunction<T, unknown>, value: T): void => {
  test(
    'emits nothing and sets no timer without values',
    marbles(run => {
      const source = run.cold<T>('-')
      run.expectObservable(source.pipe(operator(run))).toBe('-')
      run.expectSubscriptions(source.subscriptions).toBe('^')
      run.flush()
      assert.equal(run.clock.now(), 0)
    }),
  )

  test(
    'ends with an empty source',
    marbles(run => {
      const source = run.cold<T>('            --|')
      run.expectObservable(source.pipe(operator(run))).toBe('--|')
      run.expectSubscriptions(source.subscriptions).toBe('   ^-!')
    }),
  )

  test(
    'passes an error of its source on at once',
    marbles(run => {
      const source = run.cold<T>('            --#', {}, new Error('a bug upstream'))
      run.expectObservable(source.pipe(operator(run))).toBe('--#', {}, new Error('a bug upstream'))
      run.expectSubscriptions(source.subscriptions).toBe('   ^-!')
    }),
  )

  test(
    'unsubscribes from an endless source, and cancels every timer, on unsubscribe',
    marbles(run => {
      const source = run.cold<T>('             v-', { v: value })
      const subscription = source.pipe(operator(run)).subscribe()
      run.expectSubscriptions(source.subscriptions).toBe('^!')
      run.clock.schedule(() => subscription.unsubscribe(), 1)
      run.flush()
      assert.equal(run.clock.now(), 1)
    }),
  )
}
