import js from '@eslint/js'
import tseslint from 'typescript-eslint'

// The only files in src that may use the process, and why.
export const processEdges = {
  'src/main.ts': 'the arguments, environment, signals, clock, random numbers and exit code of the process',
}

// The only other files that may take the time or random numbers from the machine, and why.
export const timeEdges = {
  'src/commands/run/run.ts': 'gives the worker its clock and its random numbers; tests pass their own',
  'src/observe/events.ts': 'its stopwatch, because the clock counts only whole milliseconds; tests pass their own',
}

const process = { name: 'process', message: 'Only the process edges listed in eslint.config.js may use the process.' }
const parameter = 'Time and chance are parameters: take a clock (SchedulerLike) or a function. CONTRIBUTING.md, rule 3.'
const sourcesOfTime = ['setTimeout', 'setInterval', 'setImmediate', 'performance']
const schedulers = ['asyncScheduler', 'asapScheduler', 'queueScheduler', 'animationFrameScheduler']
const timeModules = ['timers', 'timers/promises', 'perf_hooks'].flatMap(name => [name, `node:${name}`])

// The rxjs functions that use the real clock by default, with the number of arguments up to the clock.
const timed = {
  auditTime: 2,
  bufferTime: 4,
  debounceTime: 2,
  delay: 2,
  interval: 2,
  sampleTime: 2,
  throttleTime: 2,
  timer: 2,
  timestamp: 1,
}

const noTimeNoChance = {
  'no-restricted-globals': ['error', process, ...sourcesOfTime.map(name => ({ name, message: parameter }))],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: parameter },
    { object: 'Math', property: 'random', message: parameter },
    { object: 'crypto', property: 'randomUUID', message: parameter },
    { object: 'globalThis', message: 'Use the plain name, so that the linter recognises it.' },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: parameter },
    { selector: "CallExpression[callee.name='Date']", message: parameter },
    ...Object.entries(timed).map(([name, needed]) => ({
      selector: `CallExpression[callee.name='${name}'][arguments.length<${needed}]`,
      message: parameter,
    })),
    { selector: "CallExpression[callee.name='timeout']:not(:has(Property[key.name='scheduler']))", message: parameter },
  ],
  'no-restricted-imports': [
    'error',
    {
      paths: [
        { name: 'rxjs', importNames: schedulers, message: parameter },
        { ...process, name: 'node:process' },
        ...['node:crypto', 'crypto'].map(name => ({
          name,
          importNames: ['randomUUID', 'randomInt', 'randomBytes'],
          message: parameter,
        })),
        ...timeModules.map(name => ({ name, message: parameter })),
      ],
    },
  ],
}

const allowed = Object.fromEntries(Object.keys(noTimeNoChance).map(rule => [rule, 'off']))

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.servers/', '.without/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', AbortController: 'readonly' },
    },
  },
  { files: ['src/**/*.ts', 'streams/**/*.ts'], rules: noTimeNoChance },
  { files: Object.keys(timeEdges), rules: { ...allowed, 'no-restricted-globals': ['error', process] } },
  { files: Object.keys(processEdges), rules: allowed },
  // test() and describe() of node:test return promises that the runner awaits.
  { files: ['test/**/*.ts', 'rig/**/*.ts'], rules: { '@typescript-eslint/no-floating-promises': 'off' } },
)
