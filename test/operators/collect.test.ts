import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { asapScheduler, concatMap, from, of, range, Subject, timer, VirtualTimeScheduler } from 'rxjs'
import { collect } from '../../src/operators/collect.ts'
import { marbles, idlesUntilValues } from '../marbles.ts'

const arrays = { a: ['a'], p: ['a', 'b'], q: ['c', 'd'], c: ['c'], d: ['d'], e: ['e'] }

describe('collect', () => {
  idlesUntilValues(({ clock }) => collect({ ms: 5, count: 3 }, clock), 'v')

  test(
    'opens a window with the first value, and closes it after its duration',
    marbles(({ hot, clock, expectObservable }) => {
      const source = hot('-a--b---------c-------|')
      // window            -----|        -----|
      const expected = '   ------p------------c--|'
      expectObservable(source.pipe(collect({ ms: 5, count: 9 }, clock))).toBe(expected, arrays)
    }),
  )

  test(
    'closes a full window early; the next value opens another one',
    marbles(({ hot, clock, expectObservable }) => {
      const source = hot('-a-b-c--------|')
      // window            --|
      // window                -----|
      const expected = '   ---p------c---|'
      expectObservable(source.pipe(collect({ ms: 5, count: 2 }, clock))).toBe(expected, arrays)
    }),
  )

  test(
    'emits a value at once if a window holds only one',
    marbles(({ hot, clock, expectObservable }) => {
      const source = hot('-a--c(de)-|')
      const expected = '   -a--c(de)-|'
      expectObservable(source.pipe(collect({ ms: 5, count: 1 }, clock))).toBe(expected, arrays)
    }),
  )

  test(
    'of 0 ms holds only values of the same time',
    marbles(({ hot, clock, expectObservable }) => {
      const source = hot('-(ab)-c---|')
      const expected = '   -p----c---|'
      expectObservable(source.pipe(collect({ ms: 0, count: 9 }, clock))).toBe(expected, arrays)
    }),
  )

  test('of 0 ms closes before any timer, so a single record does not wait', async () => {
    const closed: string[] = []
    const timers = new Promise(resolve => setTimeout(resolve, 0)).then(() => closed.push('timer'))
    const values = new Subject<number>()
    values.pipe(collect({ ms: 0, count: 9 }, asapScheduler)).subscribe(window => closed.push(window.join()))
    values.next(1)
    values.next(2)
    await timers
    assert.deepEqual(closed, ['1,2', 'timer'])
  })

  test(
    'emits the window when the source completes, without a wait',
    marbles(({ hot, clock, expectObservable }) => {
      const source = hot('-a-b|')
      const expected = '   ----(p|)'
      expectObservable(source.pipe(collect({ ms: 50, count: 9 }, clock))).toBe(expected, arrays)
    }),
  )

  test(
    'sets one timer a window, and none between windows',
    marbles(({ hot, clock, flush }) => {
      const source = hot('-a--b------------c-------------')
      const set: number[] = []
      const counting = {
        now: () => clock.now(),
        schedule: (...args: Parameters<typeof clock.schedule>) => {
          set.push(clock.now())
          return clock.schedule(...args)
        },
      }
      source.pipe(collect({ ms: 5, count: 9 }, counting)).subscribe()
      flush()
      assert.deepEqual(set, [1, 17])
    }),
  )

  test('loses nothing of a burst that fills many windows at once', () => {
    const sizes: number[] = []
    range(0, 100_001)
      .pipe(collect({ ms: 5, count: 100 }, new VirtualTimeScheduler()))
      .subscribe(chunk => sizes.push(chunk.length))
    assert.deepEqual([sizes.length, sizes.reduce((sum, size) => sum + size), sizes.at(-1)], [1001, 100_001, 1])
  })

  test('emits every value once, in order and in time, never too many, and never an empty window', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 })
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 8 }), (waits, count, ms) => {
        const clock = new VirtualTimeScheduler()
        const cameAt: number[] = []
        const given: number[] = []
        from(waits.entries())
          .pipe(
            concatMap(([index, wait]) =>
              wait === 0 ? of(index) : timer(wait, clock).pipe(concatMap(() => of(index))),
            ),
            concatMap(index => {
              cameAt.push(clock.now())
              return of(index)
            }),
            collect({ ms, count }, clock),
          )
          .subscribe(chunk => {
            assert.ok(chunk.length > 0 && chunk.length <= count)
            assert.ok(chunk.every(index => clock.now() - (cameAt[index] ?? 0) <= ms))
            given.push(...chunk)
          })
        clock.flush()
        assert.deepEqual(given, [...waits.keys()])
      }),
    )
  })
})
