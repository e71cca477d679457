using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Clearway.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Clearway.ServiceDefaults.Tests;

public sealed class ServiceResilienceTests : IDisposable
{
    private readonly LogLines _log = new();
    private int _calls;

    public void Dispose() => _log.Dispose();

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

    [Fact]
    public async Task Attempts_ThatHang_OpenTheBreakerAndOneCallClosesIt()
    {
        var time = new ManualTime();
        var isHanging = true;
        using var counted = new MetricCollector("clearway.circuit.transitions");
        using var client = Create(
            async cancellation =>
            {
                if (isHanging)
                {
                    time.Advance(TimeSpan.FromMilliseconds(10));
                    await Task.Delay(Timeout.Infinite, cancellation);
                }

                return new HttpResponseMessage(HttpStatusCode.OK);
            },
            o => (o.Retries, o.AttemptTimeout, o.MinimumAttempts) = (0, TimeSpan.FromMilliseconds(10), 3),
            time);
        for (var call = 0; call < 4; call++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://service/")));
        }

        Assert.Equal(3, _calls);
        isHanging = false;
        time.Advance(TimeSpan.FromSeconds(5));
        using var answer = await client.GetAsync(new Uri("http://service/"));

        Assert.Equal(["service open", "service half_open", "service closed"], counted.Tags);
        Assert.Equal(
            [
                "Warning Calls to service fail: none is made for 5 s",
                "Information One call to service tries whether it answers again",
                "Information service answers again",
            ],
            _log.Where(line => line.Contains("service", StringComparison.Ordinal) && !line.Contains("HTTP", StringComparison.Ordinal)));
    }

    private HttpClient Create(Func<HttpResponseMessage> answer, Action<ResilienceOptions>? configure = null) =>
        Create(_ => Task.FromResult(answer()), configure);

    private HttpClient Create(
        Func<CancellationToken, Task<HttpResponseMessage>> answer, Action<ResilienceOptions>? configure = null, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddLogging(logging => logging.AddProvider(_log));
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

    /// <summary>The tags of each count of an instrument, as it is made.</summary>
    private sealed class MetricCollector : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<string> _tags = new();

        internal MetricCollector(string instrument)
        {
            _listener.InstrumentPublished = (published, listener) =>
            {
                if (published.Name == instrument)
                {
                    listener.EnableMeasurementEvents(published);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
                _tags.Enqueue(string.Join(' ', tags.ToArray().Select(tag => tag.Value))));
            _listener.Start();
        }

        internal IEnumerable<string> Tags => _tags;

        public void Dispose() => _listener.Dispose();
    }

    private sealed class Answering(Func<CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            answer(cancellationToken);
    }
}
