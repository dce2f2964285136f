// The only files in src that may use the process, and why.
export const processEdges = {
  'src/main.ts': 'the arguments, environment, signals, clock, random numbers and exit code of the process',
}

// The only other files that may take the time or random numbers from the machine, and why.
export const timeEdges = {
  'src/commands/run/run.ts': 'gives the worker its clock and its random numbers; tests pass their own',
  'src/observe/events.ts': 'its stopwatch, because the clock counts only whole milliseconds; tests pass their own',
}

const process = { name: 'process', message: 'Only the process edges listed in oxlint.config.js may use the process.' }
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
  'eslint-js/no-restricted-syntax': [
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

const errors = (names, prefix = '') => Object.fromEntries(names.split(' ').map(name => [prefix + name, 'error']))

// The category `correctness` is on, and so are these rules.
const everywhere = {
  // Without this option, it ignores names that start with an underscore.
  'no-unused-vars': ['error', { argsIgnorePattern: '^$', caughtErrorsIgnorePattern: '^$', varsIgnorePattern: '^$' }],
  ...errors(
    'no-array-constructor no-case-declarations no-empty no-empty-function no-fallthrough no-prototype-builtins',
  ),
  ...errors(
    'no-regex-spaces no-unexpected-multiline no-useless-assignment no-useless-constructor preserve-caught-error',
  ),
}

// Most of these need the types, for example to find a value that has none.
const typescript = [
  'no-explicit-any no-unsafe-argument no-unsafe-assignment no-unsafe-call no-unsafe-enum-assignment',
  'no-unsafe-enum-comparison no-unsafe-function-type no-unsafe-member-access no-unsafe-return',
  'use-unknown-in-catch-callback-variable no-non-null-assertion no-confusing-non-null-assertion',
  'no-non-null-asserted-nullish-coalescing no-misused-promises return-await require-await only-throw-error',
  'prefer-promise-reject-errors switch-exhaustiveness-check no-deprecated no-dynamic-delete',
  'related-getter-setter-pairs no-unnecessary-boolean-literal-compare no-unnecessary-condition',
  'no-unnecessary-template-expression no-unnecessary-type-arguments no-unnecessary-type-assertion',
  'no-unnecessary-type-constraint no-unnecessary-type-conversion no-unnecessary-type-parameters',
  'no-empty-object-type no-generated-empty-object-type no-invalid-void-type no-mixed-enums no-namespace',
  'no-extraneous-class no-inferrable-types no-require-imports adjacent-overload-signatures array-type',
  'ban-tslint-comment class-literal-property-style consistent-generic-constructors',
  'consistent-indexed-object-style consistent-type-assertions consistent-type-definitions dot-notation',
  'non-nullable-type-assertion-style prefer-find prefer-for-of prefer-function-type prefer-includes',
  'prefer-literal-enum-member prefer-nullish-coalescing prefer-optional-chain prefer-reduce-type-parameter',
  'prefer-regexp-exec prefer-return-this-type prefer-string-starts-ends-with unified-signatures',
].join(' ')

const inTypeScript = {
  ...errors('no-var prefer-const prefer-rest-params prefer-spread'),
  ...errors(typescript, 'typescript/'),
  'typescript/ban-ts-comment': ['error', { minimumDescriptionLength: 10 }],
  'typescript/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  'typescript/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  'typescript/restrict-plus-operands': [
    'error',
    { allowAny: false, allowBoolean: false, allowNullish: false, allowNumberAndString: false, allowRegExp: false },
  ],
  'typescript/restrict-template-expressions': ['error', { allowNumber: true }],
  // It also reports arrays of strings.
  'typescript/require-array-sort-compare': 'off',
}

const readonly = names => Object.fromEntries(names.split(' ').map(name => [name, 'readonly']))

export default {
  plugins: ['typescript'],
  jsPlugins: [{ name: 'eslint-js', specifier: 'oxlint-plugin-eslint' }],
  options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['dist', '.servers', '.without'],
  categories: { correctness: 'error' },
  rules: everywhere,
  overrides: [
    {
      files: ['**/*.{js,mjs}'],
      globals: readonly('process console URL AbortController'),
      rules: errors('no-redeclare no-undef'),
    },
    { files: ['src/observe/page/*.js'], globals: readonly('AbortSignal document fetch matchMedia setTimeout') },
    { files: ['**/*.ts'], rules: inTypeScript },
    { files: ['src/**/*.ts', 'streams/**/*.ts'], rules: noTimeNoChance },
    { files: Object.keys(timeEdges), rules: { ...allowed, 'no-restricted-globals': ['error', process] } },
    { files: Object.keys(processEdges), rules: allowed },
    // test() and describe() of node:test return promises that the runner awaits.
    { files: ['test/**/*.ts', 'rig/**/*.ts'], rules: { 'typescript/no-floating-promises': 'off' } },
  ],
}
