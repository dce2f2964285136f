import { JsonObject } from '../../../src/stream/json.ts'
import { defineStream, remove, upsert } from '../../../src/stream/definition.ts'

/**
 * A stream that lives in the tests only: a learner's progress in a course by term. It has what the first one has not: a
 * partition key of two columns, numbers, a time of day, and events that remove a row.
 */
export default defineStream({
  name: 'course-progress',
  defaults: {
    topic: '{{env}}.course.progress',
    deadLetterTopic: '{{env}}.course.progress.failed',
    groupId: '{{env}}-course-progress-group',
    keyspace: 'second',
    table: 'course_progress',
  },
  table: {
    columns: { course_id: 'text', term: 'int', user_id: 'text', percent: 'int', seen_at: 'timestamp' },
    partitionKey: ['course_id', 'term'],
    clusteringKey: ['user_id'],
  },
  flatten: event => {
    const fields = JsonObject.from(event)
    const { term, percent, seenAt } = event as { term: number; percent?: number; seenAt: number }
    const key = { course_id: fields.text('courseId') ?? '', term, user_id: fields.text('userId') ?? '' }
    if (fields.boolean('left') === true) return remove(key, seenAt)
    return upsert({ ...key, ...(percent === undefined ? {} : { percent }), seen_at: seenAt }, seenAt)
  },
})
