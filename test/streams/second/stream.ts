import {
  boolean,
  defineStream,
  instant,
  int,
  key,
  object,
  optional,
  remove,
  upsert,
} from '../../../src/stream/index.ts'

/**
 * A stream for tests: a learner's progress in a course by term. It has what the first stream lacks: a partition key of two
 * columns, numbers, a time of day, and events that remove a row.
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
  event: object({
    courseId: key,
    term: int,
    userId: key,
    percent: optional(int),
    seenAt: instant,
    left: optional(boolean),
  }),
  table: {
    columns: { course_id: 'text', term: 'int', user_id: 'text', percent: 'int', seen_at: 'timestamp' },
    partitionKey: ['course_id', 'term'],
    clusteringKey: ['user_id'],
  },
  flatten: ({ courseId, term, userId, percent, seenAt, left }) => {
    const row = { course_id: courseId, term, user_id: userId }
    return left === true ? remove(row, seenAt) : upsert({ ...row, percent, seen_at: seenAt }, seenAt)
  },
})
