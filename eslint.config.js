import js from '@eslint/js'
import tseslint from 'typescript-eslint'

const only = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] })
const kafkajs = { group: ['kafkajs', 'kafkajs/**'], message: 'Only src/kafka talks to the Kafka client.' }
const driver = { group: ['cassandra-driver'], message: 'Only src/cassandra talks to the Cassandra client.' }
const back = { group: ['**/commands/**', '**/pipeline.ts'], message: 'Data flows one way: no module reaches back.' }

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.servers/'] },
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
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  // The layers: what may import what.
  { files: ['src/**/*.ts'], rules: only(kafkajs, driver) },
  { files: ['src/{operators,ledger,config,observe}/**/*.ts'], rules: only(kafkajs, driver, back) },
  { files: ['src/kafka/**/*.ts'], rules: only(driver, back) },
  { files: ['src/cassandra/**/*.ts'], rules: only(kafkajs, back) },
  {
    files: ['streams/**/*.ts'],
    rules: only({
      regex: '^(?!\\./)(?!\\.\\./\\.\\./src/stream/index\\.ts$)',
      message: 'A stream knows only its own folder and src/stream/index.ts.',
    }),
  },
  // Time, chance and the process come in at the edge.
  {
    files: ['src/**/*.ts', 'streams/**/*.ts'],
    ignores: ['src/main.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'process', message: 'Only src/main.ts touches the process.' }],
    },
  },
  // node:test's test() and describe() give promises that the runner awaits.
  { files: ['test/**/*.ts', 'rig/**/*.ts'], rules: { '@typescript-eslint/no-floating-promises': 'off' } },
)
