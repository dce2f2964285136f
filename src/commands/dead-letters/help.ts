export const help = `Usage: npm run dead-letters -- COMMAND [OPTION]...
Looks at the dead letters of the stream, and publishes them again to the topic that they came from.

Commands:
  list     how many there are, by reason and by time
  show     one of them, with its headers: --partition P --offset N
  replay   publish them again to the source topic; safe to repeat and to interrupt

Filters (list, replay); without any of these all letters that are there at the start:
  --reason REASON      only this reason; may be given several times
  --since TIME         only what became a dead letter at this time or later
  --until TIME         only what became a dead letter before this time
  --partition P        only this partition of the dead-letter topic
  --offset N|N-M|N-    only this offset, or from N to M, or from N on; needs --partition
  TIME is 2026-11-23 (midnight, UTC), 2026-11-23T10:00Z or 2026-11-23T15:30+05:30.

list:    --by hour|day|each   the unit of time (default hour); each is a line for every letter
show:    --content            also the key and the value: personal data
replay:  --dry-run            publish nothing, say what would be
         --limit N            at most N letters
         --rate N/s           at most N letters a second (default 100)
         --yes                do not ask; without a filter replay asks first, and needs a terminal for it

  --help   print this, and end

Settings come from the environment and from .env, as the worker's do: topics, brokers, TLS, login.
Exit codes: 0 done; 1 Kafka is in trouble, part may be done; 64 wrong arguments; 66 there is no such dead letter;
            78 wrong configuration; 130 and 143 interrupted by SIGINT and SIGTERM.
`
