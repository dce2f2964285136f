import kafkajs, { type Admin } from 'kafkajs'

type TopicConfig = Readonly<Record<string, string>>

const production: TopicConfig = { 'max.message.bytes': '1572864' }

/** A topic's configuration: as in production, except for these values. */
export const configEntries = (except: TopicConfig = {}): { name: string; value: string }[] =>
  Object.entries({ ...production, ...except }).map(([name, value]) => ({ name, value }))

/** Configures a topic as in production, except for these values. Anything else returns to its default. */
export const configureTopic = async (admin: Admin, topic: string, except: TopicConfig = {}): Promise<void> => {
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries: configEntries(except) }
  await admin.alterConfigs({ validateOnly: false, resources: [resource] })
}
