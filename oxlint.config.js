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

// Most of these need types, so they are for TypeScript alone.
const promises =
  'await-thenable no-floating-promises no-misused-promises only-throw-error prefer-promise-reject-errors require-await return-await'
const unsafe = [
  'no-explicit-any no-unsafe-argument no-unsafe-assignment no-unsafe-call no-unsafe-declaration-merging',
  'no-unsafe-enum-assignment no-unsafe-enum-comparison no-unsafe-function-type no-unsafe-member-access no-unsafe-return',
  'no-unsafe-unary-minus use-unknown-in-catch-callback-variable',
].join(' ')
const wrong = [
  'no-array-delete no-base-to-string no-confusing-non-null-assertion no-deprecated no-duplicate-enum-values',
  'no-duplicate-type-constituents no-dynamic-delete no-empty-object-type no-extra-non-null-assertion no-for-in-array',
  'no-generated-empty-object-type no-implied-eval no-invalid-void-type no-meaningless-void-operator no-misused-new',
  'no-misused-spread no-mixed-enums no-non-null-asserted-nullish-coalescing no-non-null-asserted-optional-chain',
  'no-non-null-assertion no-redundant-type-constituents related-getter-setter-pairs switch-exhaustiveness-check',
  'unbound-method',
].join(' ')
const unnecessary = [
  'no-extraneous-class no-inferrable-types no-this-alias no-unnecessary-boolean-literal-compare no-unnecessary-condition',
  'no-unnecessary-parameter-property-assignment no-unnecessary-template-expression no-unnecessary-type-arguments',
  'no-unnecessary-type-assertion no-unnecessary-type-constraint no-unnecessary-type-conversion',
  'no-unnecessary-type-parameters no-useless-default-assignment no-useless-empty-export',
].join(' ')
const style = [
  'adjacent-overload-signatures array-type ban-tslint-comment class-literal-property-style',
  'consistent-generic-constructors consistent-indexed-object-style consistent-type-assertions',
  'consistent-type-definitions dot-notation no-namespace no-require-imports no-wrapper-object-types',
  'non-nullable-type-assertion-style prefer-as-const prefer-find prefer-for-of prefer-function-type prefer-includes',
  'prefer-literal-enum-member prefer-namespace-keyword prefer-nullish-coalescing prefer-optional-chain',
  'prefer-reduce-type-parameter prefer-regexp-exec prefer-return-this-type prefer-string-starts-ends-with',
  'triple-slash-reference unified-signatures',
].join(' ')

const inTypeScript = {
  ...errors('no-var prefer-const prefer-rest-params prefer-spread'),
  ...errors([promises, unsafe, wrong, unnecessary, style].join(' '), 'typescript/'),
  'typescript/ban-ts-comment': ['error', { minimumDescriptionLength: 10 }],
  'typescript/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  'typescript/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  'typescript/restrict-plus-operands': [
    'error',
    { allowAny: false, allowBoolean: false, allowNullish: false, allowNumberAndString: false, allowRegExp: false },
  ],
  'typescript/restrict-template-expressions': ['error', { allowNumber: true }],
}

const readonly = names => Object.fromEntries(names.split(' ').map(name => [name, 'readonly']))

export default {
  plugins: [],
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
    { files: ['**/*.ts'], plugins: ['typescript'], rules: inTypeScript },
    { files: ['src/**/*.ts', 'streams/**/*.ts'], rules: noTimeNoChance },
    { files: Object.keys(timeEdges), rules: { ...allowed, 'no-restricted-globals': ['error', process] } },
    { files: Object.keys(processEdges), rules: allowed },
    // test() and describe() of node:test return promises that the runner awaits.
    {
      files: ['test/**/*.ts', 'rig/**/*.ts'],
      plugins: ['typescript'],
      rules: { 'typescript/no-floating-promises': 'off' },
    },
  ],
}
