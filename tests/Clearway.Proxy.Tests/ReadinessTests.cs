using System.Net;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class ReadinessTests
{
    private static readonly Uri Ready = new("/health/ready", UriKind.Relative);

    [Fact]
    public async Task Ready_NamesTheFourServices()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.Client.GetAsync(Ready);
        var body = await Expect.JsonAsync(answer);
        var names = body.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString());
        Assert.Superset(new HashSet<string?> { "signaling", "auth", "chat", "storage" }, names.ToHashSet());
    }

    [Fact]
    public async Task Ready_WithOneServiceGone_Is503AndNamesIt()
    {
        await using var edge = await Edge.StartAsync(settings: ("services:chat:http:0", "http://127.0.0.1:1"));
        using var answer = await edge.Client.GetAsync(Ready);
        var body = await Expect.JsonAsync(answer, HttpStatusCode.ServiceUnavailable);
        var down = body.GetProperty("checks").EnumerateArray().Where(c => c.GetProperty("status").GetString() != "Healthy");
        Assert.Equal("chat", Assert.Single(down).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Ready_WithAServiceThatIsNot_Is503()
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.ReadyStatus = 503;
        using var answer = await edge.Client.GetAsync(Ready);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task Live_WithEveryServiceGone_Is200()
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.ReadyStatus = 503;
        using var answer = await edge.Client.GetAsync(new Uri("/health/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Proxy_WithoutAnAddress_DoesNotStart() =>
        Assert.Contains(
            "services__storage__grpc__0",
            (await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await using var edge = await Edge.StartAsync(settings: ("services:storage:grpc:0", ""));
            })).ToString(),
            StringComparison.Ordinal);
}
