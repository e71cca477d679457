using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Clearway.ServiceDefaults.Tests;

public sealed class ServiceResilienceTests
{
    private int _calls;

    [Theory]
    [InlineData("GET", false, 3)]
    [InlineData("PUT", false, 3)]
    [InlineData("POST", false, 1)]
    [InlineData("POST", true, 3)]
    public async Task TransientAnswer_IsRepeatedOnlyWhereThatIsSafe(string method, bool idempotent, int calls)
    {
        using var client = Create(() => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable), o => o.Idempotent = idempotent);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("http://service/"));
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(calls, _calls);
    }

    [Fact]
    public async Task CallThatNeverArrived_IsRepeatedWhateverItsMethod()
    {
        using var client = Create(() => _calls < 3
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")
            : new HttpResponseMessage(HttpStatusCode.OK));
        using var answer = await client.PostAsync(new Uri("http://service/"), content: null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(3, _calls);
    }

    [Fact]
    public async Task SlowAnswer_EndsAsHttpRequestException()
    {
        using var client = Create(
            async cancellation =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return new HttpResponseMessage(HttpStatusCode.OK);
            },
            o => o.Timeout = TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://service/")));
    }

    [Fact]
    public async Task AfterManyFailures_CallsAreNoLongerMade()
    {
        using var client = Create(() => throw new HttpRequestException("reset"), o => o.Retries = 0);
        for (var call = 0; call < 10; call++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://service/")));
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://service/")));
        Assert.Equal(10, _calls);
    }

    private HttpClient Create(Func<HttpResponseMessage> answer, Action<ResilienceOptions>? configure = null) =>
        Create(_ => Task.FromResult(answer()), configure);

    private HttpClient Create(Func<CancellationToken, Task<HttpResponseMessage>> answer, Action<ResilienceOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("service")
            .AddServiceResilience(options =>
            {
                options.RetryDelay = TimeSpan.FromMilliseconds(1);
                configure?.Invoke(options);
            })
            .ConfigurePrimaryHttpMessageHandler(() => new Answering(cancellation =>
            {
                _calls++;
                return answer(cancellation);
            }));
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("service");
    }

    private sealed class Answering(Func<CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            answer(cancellationToken);
    }
}
