using System.Text;
using System.Text.Json;
using Clearway.Signaling.Protocol;

namespace Clearway.Benchmarks;

/// <summary>Reading the envelope of an offer of 1.2 KB, beside the platform's document model and its bare reader: the limit.</summary>
internal static class FrameReaderBenchmark
{
    internal static Contest Create()
    {
        var sdp = string.Concat(Enumerable.Repeat("a=candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host\\r\\n", 20));
        var offer = Encoding.UTF8.GetBytes(
            $$$"""{"type":"offer","target_id":"p-0123456789abcdef","payload":{"type":"offer","sdp":"{{{sdp}}}"}}""");

        return new Contest("envelope of an offer, 1.2 KB", "near the bare reader")
            .With("ClientFrameReader.Read", operations =>
            {
                var sum = 0L;
                for (var i = 0; i < operations; i++)
                {
                    sum += ClientFrameReader.Read(offer).Message is ClientMessage.Relay relay ? relay.Payload.Length : 0;
                }

                return sum > 0 ? sum : throw new InvalidOperationException("The offer was not read.");
            })
            .With("JsonDocument.Parse", operations =>
            {
                var sum = 0L;
                for (var i = 0; i < operations; i++)
                {
                    using var document = JsonDocument.Parse(offer);
                    sum += document.RootElement.GetProperty("target_id").GetString()!.Length;
                }

                return sum;
            })
            .With("Utf8JsonReader over all of it (limit)", operations =>
            {
                var sum = 0L;
                for (var i = 0; i < operations; i++)
                {
                    var reader = new Utf8JsonReader(offer);
                    while (reader.Read())
                    {
                        sum++;
                    }
                }

                return sum;
            });
    }
}
