import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { defaultStream } from '../../src/config/settings.ts'
import { loadStream } from '../../src/stream/load.ts'
import { findHelm, lint, render } from './helm.ts'
import { knownSettings } from './known-settings.ts'
import { validate } from './manifest-schemas.ts'

type Manifest = {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
} & Record<string, unknown>

interface Container {
  readonly image: string
  readonly env: { readonly name: string; readonly value?: string; readonly valueFrom?: object }[]
  readonly envFrom: object[]
  readonly securityContext: object
  readonly livenessProbe: { readonly httpGet: { readonly path: string } }
  readonly readinessProbe: { readonly httpGet: { readonly path: string } }
}

interface Deployment extends Manifest {
  readonly spec: {
    readonly replicas?: number
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> }
      readonly spec: {
        readonly terminationGracePeriodSeconds: number
        readonly securityContext: {
          readonly runAsNonRoot: boolean
          readonly runAsUser?: number
          readonly runAsGroup?: number
        }
        readonly topologySpreadConstraints?: readonly object[]
        readonly containers: [Container]
      }
    }
  }
}

describe('the Helm chart', () => {
  // A download would count as time of the first test.
  before(findHelm)

  const manifests = async (values: object = {}): Promise<Map<string, Manifest>> => {
    const documents = parseAllDocuments(await render(values)).map(document => document.toJS() as Manifest)
    return new Map(documents.map(manifest => [manifest.kind, manifest]))
  }
  const deployment = async (values: object = {}): Promise<Deployment> =>
    (await manifests(values)).get('Deployment') as Deployment

  test('passes the linter', async () => {
    assert.match(await lint(), /1 chart\(s\) linted, 0 chart\(s\) failed/)
  })

  test('by default creates only objects that need nothing else in the cluster', async () => {
    assert.deepEqual([...(await manifests()).keys()].sort(), [
      'ConfigMap',
      'Deployment',
      'PodDisruptionBudget',
      'Service',
    ])
  })

  const everything = {
    'serviceMonitor.enabled': true,
    'serviceMonitor.labels': { release: 'prometheus' },
    'scaling.enabled': true,
    'scaling.authenticationRef': 'kafka',
    'secrets.KAFKA_SASL_PASSWORD': 'hunter2',
    filesSecret: 'certificates',
    imagePullSecrets: [{ name: 'registry' }],
    podAnnotations: { team: 'data' },
    nodeSelector: { pool: 'workers' },
    tolerations: [{ key: 'dedicated', operator: 'Exists' }],
    extraEnv: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    'networkPolicy.enabled': true,
    'networkPolicy.from': [{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }],
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
    ],
  }

  for (const [what, values] of Object.entries({ 'by default': {}, 'with everything in it': everything })) {
    test(`${what} creates objects that match the schemas of Kubernetes, KEDA and the Prometheus operator`, async () => {
      const made = await manifests(values)
      for (const manifest of made.values()) validate(manifest)
      assert.equal(made.size, what === 'by default' ? 4 : 8)
    })
  }

  test('has a Service that selects the workers, and that the Prometheus operator finds', async () => {
    const made = await manifests(everything)
    const pod = (made.get('Deployment') as Deployment).spec.template.metadata.labels
    const service = made.get('Service') as Manifest & { spec: { selector: object; ports: [{ name: string }] } }
    const monitor = made.get('ServiceMonitor') as Manifest & {
      spec: { selector: { matchLabels: object }; endpoints: [{ port: string; path: string }] }
    }
    const budget = made.get('PodDisruptionBudget') as Manifest & {
      spec: { maxUnavailable: number; selector: { matchLabels: object } }
    }
    const covers = (labels: object, selector: object): void => assert.deepEqual({ ...labels, ...selector }, labels)
    covers(pod, service.spec.selector)
    covers(pod, budget.spec.selector.matchLabels)
    covers(service.metadata.labels, monitor.spec.selector.matchLabels)
    assert.equal(monitor.metadata.labels['release'], 'prometheus')
    assert.deepEqual(monitor.spec.endpoints[0], { port: service.spec.ports[0].name, path: '/metrics', interval: '15s' })
    assert.equal(budget.spec.maxUnavailable, 1)
  })

  test('runs the worker without privileges', async () => {
    const { template } = (await deployment()).spec
    assert.ok(template.spec.securityContext.runAsNonRoot)
    assert.deepEqual(template.spec.containers[0].securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })

  test('sets user and group 1000, or neither if the cluster assigns them', async () => {
    const contextOf = async (values: object) => (await deployment(values)).spec.template.spec.securityContext
    const named = await contextOf({})
    assert.deepEqual([named.runAsUser, named.runAsGroup], [1000, 1000])
    const free = await contextOf({ runAsUser: null, runAsGroup: null })
    assert.deepEqual([free.runAsUser, free.runAsGroup, free.runAsNonRoot], [undefined, undefined, true])
  })

  test('listens on IPv4 and IPv6, and accepts additional variables', async () => {
    const [{ env }] = (await deployment({ extraEnv: [{ name: 'NODE_EXTRA_CA_CERTS', value: '/ca.pem' }] })).spec
      .template.spec.containers
    assert.deepEqual(env, [
      { name: 'HTTP_HOST', value: '::' },
      { name: 'HTTP_PORT', value: '9464' },
      { name: 'NODE_EXTRA_CA_CERTS', value: '/ca.pem' },
    ])
  })

  test('spreads its own workers, unless a constraint has a selector', async () => {
    const constraint = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }
    const theirs = { ...constraint, labelSelector: { matchLabels: { app: 'x' } } }
    const made = (await manifests({ topologySpreadConstraints: [constraint, theirs] })).get(
      'Deployment',
    ) as Deployment & {
      spec: { selector: object }
    }
    assert.deepEqual(made.spec.template.spec.topologySpreadConstraints, [
      { ...constraint, labelSelector: made.spec.selector },
      theirs,
    ])
  })

  test('with a NetworkPolicy, lets only the named peers reach the worker', async () => {
    const policy = async (values: object) =>
      (await manifests({ 'networkPolicy.enabled': true, ...values })).get('NetworkPolicy')?.['spec'] as {
        policyTypes: string[]
        ingress: object[]
      }
    assert.deepEqual((await policy({})).ingress, [])
    const from = [{ podSelector: { matchLabels: { app: 'prometheus' } } }]
    const { policyTypes, ingress } = await policy({ 'networkPolicy.from': from })
    assert.deepEqual([policyTypes, ingress], [['Ingress'], [{ from, ports: [{ port: 'http' }] }]])
  })

  test('has a grace period longer than the shutdown timeout of the worker', async () => {
    const fallback = Number((await knownSettings()).get('SHUTDOWN_TIMEOUT_MS')?.fallback)
    for (const [values, ms] of [
      [{}, fallback],
      [{ 'settings.SHUTDOWN_TIMEOUT_MS': '90000' }, 90_000],
    ] as const) {
      const { template } = (await deployment(values)).spec
      assert.ok(template.spec.terminationGracePeriodSeconds * 1000 >= ms + 5000)
    }
  })

  test('passes only settings that the worker knows, and secrets as a Secret', async () => {
    const known = await knownSettings()
    const values = { settings: { ENV: 'prod', LOG_LEVEL: 'debug' }, 'secrets.KAFKA_SASL_PASSWORD': 'hunter2' }
    const made = await manifests(values)
    const [container] = (made.get('Deployment') as Deployment).spec.template.spec.containers
    const names = [...container.env.map(({ name }) => name), ...Object.keys(made.get('ConfigMap')?.['data'] ?? {})]
    for (const name of names) assert.ok(known.has(name), name)
    assert.deepEqual(made.get('Secret')?.['data'], { KAFKA_SASL_PASSWORD: Buffer.from('hunter2').toString('base64') })
    assert.doesNotMatch(JSON.stringify([...made.values()].filter(({ kind }) => kind !== 'Secret')), /hunter2/)
    assert.equal(container.envFrom.length, 2)
    const external = await deployment({ existingSecret: 'theirs' })
    assert.deepEqual(external.spec.template.spec.containers[0].envFrom[1], { secretRef: { name: 'theirs' } })
  })

  test('probes paths that the worker serves', async () => {
    const [container] = (await deployment()).spec.template.spec.containers
    assert.deepEqual([container.livenessProbe.httpGet.path, container.readinessProbe.httpGet.path], ['/live', '/ready'])
  })

  test('scales by lag up to the number of partitions, and then sets no replicas', async () => {
    const values = { 'scaling.enabled': true, 'scaling.partitions': 6, 'settings.ENV': 'prod' }
    const made = await manifests(values)
    const { defaults } = await loadStream(defaultStream)
    const spec = made.get('ScaledObject')?.['spec'] as { maxReplicaCount: number; triggers: [{ metadata: object }] }
    assert.equal(spec.maxReplicaCount, 6)
    assert.deepEqual(spec.triggers[0].metadata, {
      bootstrapServers: 'kafka:9092',
      topic: defaults.topic.replace('{{env}}', 'prod'),
      consumerGroup: defaults.groupId.replace('{{env}}', 'prod'),
      offsetResetPolicy: 'earliest',
      lagThreshold: '10000',
      allowIdleConsumers: 'false',
    })
    assert.equal((made.get('Deployment') as Deployment).spec.replicas, undefined)
  })

  const refused: [why: string, values: object, says: RegExp][] = [
    ['an unknown setting', { 'settings.KAFKA_TOPIC': 'x' }, /KAFKA_TOPIC/],
    ['a secret among the settings', { 'settings.KAFKA_SASL_PASSWORD': 'x' }, /KAFKA_SASL_PASSWORD/],
    ['a number instead of text', { 'settings.BATCH_MAX_ROWS': 5 }, /BATCH_MAX_ROWS/],
    ['an unknown value', { replica: 2 }, /replica/],
    ['the user root', { runAsUser: 0 }, /runAsUser/],
    ['a variable with two values', { extraEnv: [{ name: 'A', value: 'b', valueFrom: {} }] }, /extraEnv/],
    ['an unknown kind of peer', { 'networkPolicy.from': [{ pods: {} }] }, /networkPolicy/],
    ['a topology spread without its key', { topologySpreadConstraints: [{ maxSkew: 1 }] }, /topologySpreadConstraints/],
    ['no partition to scale to', { 'scaling.partitions': 0 }, /partitions/],
    [
      'scaling another stream without its topic',
      { 'scaling.enabled': true, 'settings.STREAM': 'x' },
      /KAFKA_INPUT_TOPIC/,
    ],
  ]
  for (const [why, values, says] of refused) {
    test(`rejects ${why}`, () => assert.rejects(render(values), says))
  }
})
