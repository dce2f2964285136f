import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1'
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1'
import { Deployment } from 'kubernetes-models/apps/v1'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Secret, Service } from 'kubernetes-models/v1'

interface Model {
  /** @throws Error that names every field with an invalid value, and every missing field */
  validate(): void
}

// The schemas are the API's own and those of the custom resources. They ignore unknown fields.
const models: Readonly<Record<string, (manifest: never) => Model>> = {
  'v1 ConfigMap': manifest => new ConfigMap(manifest),
  'v1 Secret': manifest => new Secret(manifest),
  'v1 Service': manifest => new Service(manifest),
  'apps/v1 Deployment': manifest => new Deployment(manifest),
  'networking.k8s.io/v1 NetworkPolicy': manifest => new NetworkPolicy(manifest),
  'policy/v1 PodDisruptionBudget': manifest => new PodDisruptionBudget(manifest),
  'keda.sh/v1alpha1 ScaledObject': manifest => new ScaledObject(manifest),
  'monitoring.coreos.com/v1 ServiceMonitor': manifest => new ServiceMonitor(manifest),
}

/** @throws Error if the manifest does not match its schema, or there is no schema for its kind */
export const validate = (manifest: { readonly apiVersion: string; readonly kind: string }): void => {
  const model = models[`${manifest.apiVersion} ${manifest.kind}`]
  if (model === undefined) throw new Error(`no schema for ${manifest.apiVersion} ${manifest.kind}`)
  model(manifest as never).validate()
}
