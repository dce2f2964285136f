import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics up to their current ends, without aborted transactions. A request is a line on standard input: bootstrap servers,
 * a space, and a topic. The response on standard output is a frame for each message, each with its length before it, and 0; or -1
 * and an error text.
 */
public final class TopicReader {
  private static final long PATIENCE_MS = 20_000;

  public static void main(String[] args) throws IOException {
    var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var responses = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      String[] request = line.split(" ");
      try {
        read(request[0], request[1], responses);
        responses.writeInt(0);
      } catch (RuntimeException error) {
        responses.writeInt(-1);
        writeBytes(responses, error.toString().getBytes(StandardCharsets.UTF_8));
      }
      responses.flush();
    }
  }

  private static void read(String bootstrap, String topic, DataOutputStream responses) throws IOException {
    Map<String, Object> settings = Map.of(
        "bootstrap.servers", bootstrap,
        "isolation.level", "read_committed",
        "allow.auto.create.topics", false,
        "auto.offset.reset", "earliest",
        "default.api.timeout.ms", (int) PATIENCE_MS);
    var bytes = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<byte[], byte[]>(settings, bytes, bytes)) {
      List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
          .map(info -> new TopicPartition(topic, info.partition()))
          .collect(Collectors.toList());
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long deadline = System.currentTimeMillis() + PATIENCE_MS;
      while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
        for (ConsumerRecord<byte[], byte[]> message : records) writeMessage(responses, message);
        if (!records.isEmpty()) deadline = System.currentTimeMillis() + PATIENCE_MS;
        else if (System.currentTimeMillis() > deadline) throw new IllegalStateException("no message for 20 s before the end of " + topic);
      }
    }
  }

  private static void writeMessage(DataOutputStream responses, ConsumerRecord<byte[], byte[]> message) throws IOException {
    var frame = new ByteArrayOutputStream();
    var fields = new DataOutputStream(frame);
    fields.writeInt(message.partition());
    fields.writeLong(message.offset());
    writeBytes(fields, message.key());
    writeBytes(fields, message.value());
    for (Header header : message.headers()) {
      writeBytes(fields, header.key().getBytes(StandardCharsets.UTF_8));
      writeBytes(fields, header.value());
    }
    responses.writeInt(frame.size());
    frame.writeTo(responses);
  }

  /** The length and the bytes; -1 for null. */
  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) out.write(bytes);
  }
}
