using Clearway.Offline.Grpc.Tests.Protocol;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Clearway.Offline.Grpc.Tests;

/// <summary>The stand-in's client against grpc-js.</summary>
public sealed class ClientOnNodeServerTests(NodeServer server) : ClientCallTests(server.Address), IClassFixture<NodeServer>;

/// <summary>The stand-in's client against the stand-in's server.</summary>
public sealed class ClientOnOwnServerTests(OwnServer server) : ClientCallTests(server.Address), IClassFixture<OwnServer>;

public abstract partial class ClientCallTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Uri _address;
    private readonly GrpcChannel _channel;
    private readonly Probe.ProbeClient _probe;

    protected ClientCallTests(Uri address)
    {
        _address = address;
        _channel = GrpcChannel.ForAddress(address);
        _probe = new Probe.ProbeClient(_channel);
    }

    public void Dispose()
    {
        _channel.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Unary_Text_ComesBack()
    {
        var reply = await _probe.EchoAsync(new EchoRequest { Text = "Grüße, мир 👋" }).ResponseAsync.WaitAsync(Patience);

        Assert.Equal("Grüße, мир 👋", reply.Text);
        Assert.Equal(-1, reply.TimeLeft);
    }

    [Fact]
    public void Unary_Blocking_ComesBack() => Assert.Equal("now", _probe.Echo(new EchoRequest { Text = "now" }).Text);

    [Fact]
    public async Task Unary_Deadline_ReachesTheService()
    {
        var reply = await _probe.EchoAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddSeconds(60));

        Assert.InRange(reply.TimeLeft, 40_000, 60_001);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 10)]
    [InlineData(512, 64 * 1024)]
    [InlineData(4, 3 * 1024 * 1024)]
    public async Task ServerStream_Chunks_ArriveWhole(int count, int size)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var call = _probe.Produce(new ProduceRequest { Count = count, Size = size });

        var received = 0;
        await foreach (var chunk in call.ResponseStream.ReadAllAsync())
        {
            received++;
            hash.AppendData(chunk.Data.Span);
        }

        Assert.Equal(count, received);
        Assert.Equal(ProbeData.Sha256(count, size), Convert.ToHexStringLower(hash.GetHashAndReset()));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("after all", call.GetTrailers().GetValue("trailer-text"));
    }

    [Fact]
    public async Task ServerStream_SlowReader_HoldsTheServiceBack()
    {
        const int count = 2048;
        using var call = _probe.Produce(new ProduceRequest { Count = count, Size = 64 * 1024 });
        Assert.True(await call.ResponseStream.MoveNext(default));

        var sent = new List<int>();
        await Eventually.TrueAsync(async () =>
        {
            sent.Add((await _probe.ObserveAsync(new ObserveRequest())).ChunksSent);
            return sent.Count > 300 && sent[^1] == sent[^200];
        });
        Assert.True(sent[^1] < count, $"{sent[^1]} chunks were sent to a reader that took one.");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(512, 64 * 1024)]
    [InlineData(4, 3 * 1024 * 1024)]
    public async Task ClientStream_Chunks_ArriveWhole(int count, int size)
    {
        using var call = _probe.Collect();
        for (var n = 0; n < count; n++)
        {
            await call.RequestStream.WriteAsync(ProbeData.Chunk(n, size));
        }

        await call.RequestStream.CompleteAsync();
        var digest = await call.ResponseAsync.WaitAsync(Patience);

        Assert.Equal(count, digest.Chunks);
        Assert.Equal((long)count * size, digest.Bytes);
        Assert.Equal(ProbeData.Sha256(count, size), digest.Sha256);
    }

    [Fact]
    public async Task Duplex_Texts_AreAnsweredOneByOne()
    {
        using var call = _probe.Converse();
        foreach (var text in new[] { "eins", "zwei", "drei" })
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = text });
            Assert.True(await call.ResponseStream.MoveNext(default).WaitAsync(Patience));
            Assert.Equal(text, call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(default).WaitAsync(Patience));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Metadata_TextAndBytes_GoBothWays()
    {
        byte[] bytes = [0, 1, 2, 253, 254, 255];
        var headers = new Metadata { { "probe-text", "plain" }, { "probe-data-bin", bytes } };

        using var call = _probe.EchoAsync(new EchoRequest(), headers);
        var answered = await call.ResponseHeadersAsync.WaitAsync(Patience);
        await call;

        Assert.Equal("plain", answered.GetValue("probe-text"));
        Assert.Equal(bytes, answered.GetValueBytes("probe-data-bin"));
        Assert.Equal("after all", call.GetTrailers().GetValue("trailer-text"));
        Assert.Equal([0, 255, 128, 1], call.GetTrailers().GetValueBytes("trailer-data-bin"));
    }

    [Fact]
    public async Task ResponseHeaders_OpenStream_ArriveBeforeItsEnd()
    {
        using var call = _probe.Produce(new ProduceRequest { StayOpen = true }, new Metadata { { "probe-text", "early" } });

        var headers = await call.ResponseHeadersAsync.WaitAsync(Patience);

        Assert.Equal("early", headers.GetValue("probe-text"));
        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
    }

    [Fact]
    public async Task Reply_OfThreeMebibytes_IsTaken()
    {
        const int size = 3 * 1024 * 1024;

        var reply = await _probe.EchoAsync(new EchoRequest { ReplyPadding = size, Padding = ByteString.CopyFrom(new byte[size]) });

        Assert.Equal(size, reply.Padding.Length);
    }
}
