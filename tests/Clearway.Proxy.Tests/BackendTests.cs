using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Xunit;

namespace Clearway.Proxy.Tests;

/// <summary>What the edge asks of backends before it passes them on.</summary>
public sealed class BackendTests
{
    private const string Room = "/api/v1/rooms/" + Edge.Room;

    public static TheoryData<string, string> Passed => new()
    {
        { "GET", "/api/v1/rooms" },
        { "GET", Room },
        { "GET", Room + "/participants" },
        { "DELETE", Room },
        { "DELETE", Room + "/participants/p-grace" },
        { "PUT", Room + "/lock" },
        { "DELETE", Room + "/lock" },
        { "PUT", Room + "/deadline" },
    };

    [Theory]
    [MemberData(nameof(Passed))]
    public async Task Request_WithAnApiKey_IsPassedToTheGatewayWithIt(string method, string path)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await SendAsync(edge, method, path, AuthDouble.ApiKey);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(edge.Upstreams.Requests.TryDequeue(out var seen));
        Assert.Equal((method, path, "Basic " + AuthDouble.ApiKey), (seen!.Method, seen.Path, seen.Headers["Authorization"]));
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(Assert.Single(edge.Upstreams.Auth.KeyAddresses))));
    }

    [Theory]
    [MemberData(nameof(Passed))]
    public async Task Request_WithAnotherCredential_IsRefusedHere(string method, string path)
    {
        await using var edge = await Edge.StartAsync();
        AuthenticationHeaderValue?[] credentials =
            [null, new("Basic", "Y3JtOmd1ZXNz"), new("Bearer", AuthDouble.Token(Auth.V1.Role.Organizer)), new("Basic", "")];
        foreach (var credential in credentials)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Authorization = credential;
            request.Headers.Add("Cookie", "clearway_account=" + AuthDouble.Account);
            using var answer = await edge.Client.SendAsync(request);
            await Expect.ProblemAsync(answer, HttpStatusCode.Unauthorized, "api_key_refused");
            Assert.StartsWith("Basic", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }

        Assert.Empty(edge.Upstreams.Requests);
    }

    [Fact]
    public async Task WrongKeys_TooMany_AreToldWhenToComeAgain()
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.Auth.Throttle = TimeSpan.FromSeconds(41.2);
        using var answer = await SendAsync(edge, "GET", "/api/v1/rooms", "Y3JtOmd1ZXNz");

        await Expect.ProblemAsync(answer, HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.Equal(TimeSpan.FromSeconds(42), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Requests_BeyondTheTenantsLimit_AreToldWhenToComeAgain()
    {
        await using var edge = await Edge.StartAsync(settings: ("RequestLimits:TenantRequestsPerMinute", "2"));
        for (var i = 0; i < 2; i++)
        {
            using var passed = await SendAsync(edge, "GET", "/api/v1/rooms", AuthDouble.ApiKey);
            Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
        }

        using var answer = await SendAsync(edge, "GET", "/api/v1/rooms", AuthDouble.ApiKey);
        await Expect.ProblemAsync(answer, HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Recordings_AreListedByAKeyThatMay_AndNotDeletedByOneThatMayNot()
    {
        await using var edge = await Edge.StartAsync();
        using var list = await SendAsync(edge, "GET", "/api/v1/records", AuthDouble.ApiKey);
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);

        using var deletion = await SendAsync(edge, "DELETE", "/api/v1/records/01k0a1b2c3d4e5f6g7h8j9kmnp/file", AuthDouble.ApiKey);
        await Expect.ProblemAsync(deletion, HttpStatusCode.Forbidden, "grant_missing");
    }

    [Fact]
    public async Task Request_OfABackend_LeavesAnAuditEventThatItCannotForge()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await SendAsync(edge, "DELETE", Room + "/participants/p-x%0a%0dforged", AuthDouble.ApiKey);
        await edge.Log.ReadUntilAsync($"Information API key crm of default: DELETE {Room}/participants/p-x%0A%0Dforged: 200");
    }

    private static async Task<HttpResponseMessage> SendAsync(Edge edge, string method, string path, string credential)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credential);
        if (method == "PUT")
        {
            request.Content = JsonContent.Create(new { deadline = 1 });
        }

        return await edge.Client.SendAsync(request);
    }
}
