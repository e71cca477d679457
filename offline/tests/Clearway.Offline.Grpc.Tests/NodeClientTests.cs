using System.Text.Json;
using Grpc.Core;

namespace Clearway.Offline.Grpc.Tests;

/// <summary>grpc-js as the client of the stand-in's server.</summary>
public sealed class NodeClientTests(OwnServer server) : IClassFixture<OwnServer>
{
    [Fact]
    public async Task Unary_Text_ComesBackWithTrailers()
    {
        var result = await RunAsync("unary");

        Assert.Equal("Grüße, мир 👋", result.GetProperty("text").GetString());
        Assert.Equal("after all", result.GetProperty("trailers").GetProperty("trailer-text").GetString());
        Assert.Equal("00ff8001", result.GetProperty("trailers").GetProperty("trailer-data-bin").GetString());
        Assert.Equal(-1, result.GetProperty("timeLeft").GetInt64());
    }

    [Fact]
    public async Task Metadata_TextAndBytes_GoBothWays()
    {
        var headers = (await RunAsync("metadata")).GetProperty("headers");

        Assert.Equal("plain", headers.GetProperty("probe-text").GetString());
        Assert.Equal("000102fdfeff,09", headers.GetProperty("probe-data-bin").GetString());
    }

    [Fact]
    public async Task Status_UnicodeMessage_Arrives()
    {
        var result = await RunAsync("status", StatusCode.FailedPrecondition);

        Assert.Equal("nicht möglich: 100% 人\n\ttab", result.GetProperty("details").GetString());
        Assert.Equal("asked-to", result.GetProperty("trailers").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Deadline_Exceeded_EndsTheCall() => await RunAsync("deadline", StatusCode.DeadlineExceeded);

    [Fact]
    public async Task Deadline_Set_IsSeenByTheMethod() =>
        Assert.InRange((await RunAsync("deadline-seen")).GetProperty("timeLeft").GetInt64(), 40_000, 60_001);

    [Fact]
    public async Task Reply_OfThreeMebibytes_Arrives() =>
        Assert.Equal(3 * 1024 * 1024, (await RunAsync("large-reply")).GetProperty("padding").GetInt32());

    [Theory]
    [InlineData("too-large", StatusCode.ResourceExhausted)]
    [InlineData("neglected", StatusCode.Unimplemented)]
    [InlineData("absent", StatusCode.Unimplemented)]
    [InlineData("gzip", StatusCode.Unimplemented)]
    [InlineData("refuse", StatusCode.OutOfRange)]
    public async Task Call_ThatCannotBeServed_HasItsStatus(string scenario, StatusCode expected) => await RunAsync(scenario, expected);

    [Fact]
    public async Task ClientStream_Chunks_ArriveWhole()
    {
        var digest = (await RunAsync("collect")).GetProperty("digest");

        Assert.Equal(512, digest.GetProperty("chunks").GetInt32());
        Assert.Equal(ProbeData.Sha256(512, 64 * 1024), digest.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task ServerStream_Chunks_ArriveWhole()
    {
        var result = await RunAsync("produce");

        Assert.Equal(512, result.GetProperty("chunks").GetInt32());
        Assert.Equal(ProbeData.Sha256(512, 64 * 1024), result.GetProperty("sha256").GetString());
        Assert.Equal("after all", result.GetProperty("trailers").GetProperty("trailer-text").GetString());
    }

    [Fact]
    public async Task ServerStream_WithoutMessages_Ends() => await RunAsync("produce-none");

    [Fact]
    public async Task Cancellation_OfOpenStream_EndsTheCall() =>
        Assert.Equal(3, (await RunAsync("cancel", StatusCode.Cancelled)).GetProperty("chunks").GetInt32());

    [Fact]
    public async Task Duplex_Texts_AreAnsweredOneByOne() =>
        Assert.Equal(
            ["eins", "zwei", "drei"],
            (await RunAsync("converse")).GetProperty("replies").EnumerateArray().Select(reply => reply.GetString()));

    [Fact]
    public async Task Duplex_Refusal_EndsTheCall() =>
        Assert.Equal("genug", (await RunAsync("converse-refused", StatusCode.Aborted)).GetProperty("details").GetString());

    private async Task<JsonElement> RunAsync(string scenario, StatusCode expected = StatusCode.OK)
    {
        await using var node = NodeProcess.Start("client.mjs", server.Address.Authority, scenario);
        using var result = JsonDocument.Parse(await node.ReadLineAsync());
        Assert.Equal(expected, (StatusCode)result.RootElement.GetProperty("code").GetInt32());
        return result.RootElement.Clone();
    }
}
