using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RequestLimitTests
{
    [Fact]
    public async Task Address_ThatAsksTooOften_IsToldWhenToComeAgain()
    {
        await using var edge = await Edge.StartAsync(settings: ("RequestLimits:RequestsPerMinute", "2"));
        await AllowedAsync(edge, 2);

        await RefusedAsync(edge);
    }

    [Fact]
    public async Task Tenant_ThatAsksTooOften_IsToldWhenToComeAgain()
    {
        await using var edge = await Edge.StartAsync(settings: ("RequestLimits:TenantRequestsPerMinute", "2"));
        await AllowedAsync(edge, 2);

        await RefusedAsync(edge);
        using var withoutTenant = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=he", token: null);
        Assert.Equal(HttpStatusCode.Unauthorized, withoutTenant.StatusCode);
    }

    [Fact]
    public async Task Headers_BeyondTheLimit_AreRefused()
    {
        await using var edge = await Edge.StartAsync();
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, await StatusAsync(edge, headers => headers.Add("X-Long", new string('x', 17 * 1024))));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, await StatusAsync(edge, headers =>
        {
            for (var i = 0; i < 65; i++)
            {
                headers.Add($"X-{i}", "x");
            }
        }));
        await AllowedAsync(edge, 1);
    }

    private static async Task<HttpStatusCode> StatusAsync(Edge edge, Action<HttpRequestHeaders> headers)
    {
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=he", headers: headers);
        return answer.StatusCode;
    }

    private static async Task AllowedAsync(Edge edge, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(edge, _ => { }));
        }
    }

    private static async Task RefusedAsync(Edge edge)
    {
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=he");
        await Expect.ProblemAsync(answer, HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }
}
