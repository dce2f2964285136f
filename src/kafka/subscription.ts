import kafkajs from 'kafkajs'

// The client is a CommonJS module without this named export.
const { AssignerProtocol } = kafkajs

/** Whether a member of a group subscribes to the topic, from what it sent when it joined. */
export const subscribesTo = (memberMetadata: Buffer, topic: string): boolean => {
  try {
    return AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics.includes(topic) === true
  } catch {
    // Not a consumer: other users of groups have other formats.
    return false
  }
}
