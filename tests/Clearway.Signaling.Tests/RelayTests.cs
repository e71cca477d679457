using System.Text;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>Payloads are the browsers' own: they arrive byte for byte and in order.</summary>
public class RelayTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private static readonly string[] Scalars =
    [
        "0", "-0", "1e400", "1.0000000000000000000000001", "123456789012345678901234567890", "true", "null", "\"\"",
        "\"\\u0041\\/\\ud83d\\ude00\"",
        "\"\\ud800\"", "\"é👋\u2028\"", "\"<script>&'\"", "\"v=0\\r\\n\"",
    ];

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    public async Task Payload_WhateverItsJson_ArrivesByteForByteAndInOrder(int seed, int node)
    {
        var random = new Random(seed);
        var room = "relay" + seed;
        await using var from = await shared.Gateway.JoinAsync(room, "From");
        await using var to = await shared.Gateway.JoinAsync(room, "To", node: node);
        await from.ExpectAsync("peer-joined");
        var kinds = new[] { "offer", "answer", "candidate" };
        var sent = Enumerable.Range(0, 150).Select(_ => (Kind: kinds[random.Next(3)], Payload: Value(random, 4))).ToList();

        foreach (var (kind, payload) in sent)
        {
            await from.SendAsync($$"""{ "payload" :{{payload}}, "sender_id":"p-forged","type":"{{kind}}","target_id":"p-to"}""");
        }

        foreach (var (kind, payload) in sent)
        {
            var expected = $$"""{"type":"{{kind}}","sender_id":"p-from","payload":{{payload}}}""";
            Assert.Equal(expected, Encoding.UTF8.GetString(await to.ExpectBytesAsync(kind)));
        }
    }

    private static string Value(Random random, int depth) => (depth == 0 ? 0 : random.Next(3)) switch
    {
        1 => "[" + Some(random, () => Space(random) + Value(random, depth - 1) + Space(random)) + "]",
        2 => "{" + Some(random, () => $"{Space(random)}\"type\"{Space(random)}:{Value(random, depth - 1)}") + "}",
        _ => Scalars[random.Next(Scalars.Length)],
    };

    private static string Some(Random random, Func<string> one) => string.Join(",", Enumerable.Range(0, random.Next(4)).Select(_ => one()));

    private static string Space(Random random) => new[] { "", " ", "\n", "\t \r" }[random.Next(4)];
}
