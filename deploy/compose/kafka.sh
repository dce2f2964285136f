#!/bin/sh
# Creates the topics of ENV, and publishes the first events when the input topic is new. Runs in Kafka's image.
set -eu
bin=/opt/kafka/bin
server=kafka:19092
topic="${ENV:-local}.programuser.info"

create() { "$bin/kafka-topics.sh" --bootstrap-server "$server" --create --topic "$1" --partitions "$2"; }
exists() { "$bin/kafka-topics.sh" --bootstrap-server "$server" --list | grep -Fqx "$1"; }

exists "$topic.failed" || create "$topic.failed" 1
if ! exists "$topic"; then
  create "$topic" 2
  "$bin/kafka-console-producer.sh" --bootstrap-server "$server" --topic "$topic" <"$(dirname "$0")/events.jsonl"
fi
