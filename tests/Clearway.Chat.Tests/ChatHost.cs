using System.Collections.Concurrent;
using System.Globalization;
using Clearway.Chat.V1;
using Clearway.Testing;
using Clearway.TestServers;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clearway.Chat.Tests;

/// <summary>The chat service as it runs: its own Program on Kestrel, with its two endpoints on free ports.</summary>
internal sealed class ChatHost : IAsyncDisposable
{
    private readonly Factory _factory;
    private readonly GrpcChannel _channel;

    private ChatHost(Factory factory)
    {
        _factory = factory;
        _channel = GrpcChannel.ForAddress(factory.GrpcAddress);
        History = new ChatHistoryService.ChatHistoryServiceClient(_channel);
        PredictiveText = new PredictiveTextService.PredictiveTextServiceClient(_channel);
        Files = new RoomFileService.RoomFileServiceClient(_channel);
        Http = new HttpClient { BaseAddress = factory.HttpAddress };
    }

    public ChatHistoryService.ChatHistoryServiceClient History { get; }

    public PredictiveTextService.PredictiveTextServiceClient PredictiveText { get; }

    public RoomFileService.RoomFileServiceClient Files { get; }

    public HttpClient Http { get; }

    /// <summary>What the service is made of.</summary>
    public IServiceProvider Services => _factory.Services;

    /// <summary>Every log line so far, with its arguments.</summary>
    public IEnumerable<string> Logged => _factory.Logged;

    /// <summary>Starts the service.</summary>
    /// <param name="connectionString">Its database, which need not exist.</param>
    /// <param name="settings">More configuration.</param>
    public static Task<ChatHost> StartAsync(string connectionString, params (string Name, string Value)[] settings) =>
        StartAsync(connectionString, TimeProvider.System, settings);

    private static async Task<ChatHost> StartAsync(string connectionString, TimeProvider time, (string Name, string Value)[] settings)
    {
        var factory = new Factory(connectionString, time, settings);
        factory.UseKestrel();
        await Task.Run(factory.StartServer);
        return new ChatHost(factory);
    }

    /// <summary>Starts the service and waits until it is ready.</summary>
    /// <param name="connectionString">Its database, which need not exist.</param>
    /// <param name="settings">More configuration.</param>
    public static Task<ChatHost> StartReadyAsync(string connectionString, params (string Name, string Value)[] settings) =>
        StartReadyAsync(connectionString, TimeProvider.System, settings);

    /// <summary>Starts the service with a clock of the test's and waits until it is ready.</summary>
    /// <param name="connectionString">Its database, which need not exist.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="settings">More configuration.</param>
    public static async Task<ChatHost> StartReadyAsync(string connectionString, TimeProvider time, params (string Name, string Value)[] settings)
    {
        var host = await StartAsync(connectionString, time, settings);
        await host.ReadyAsync();
        return host;
    }

    public Task ReadyAsync() => Eventually.TrueAsync(
        async () =>
        {
            using var answer = await Http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        },
        "the service is ready");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _factory.DisposeAsync();
    }

    private sealed class Factory(string connectionString, TimeProvider time, (string Name, string Value)[] settings)
        : WebApplicationFactory<Program>, ILoggerProvider
    {
        public Uri HttpAddress { get; } = FreeAddress();

        public Uri GrpcAddress { get; } = FreeAddress();

        public ConcurrentQueue<string> Logged { get; } = new();

        public ILogger CreateLogger(string categoryName) => new RecordingLogger(Logged, categoryName);

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            builder.UseSetting("ConnectionStrings:clearwaydb", connectionString);
            foreach (var (name, value) in settings)
            {
                builder.UseSetting(name, value);
            }

            builder.UseSetting("Kestrel:Endpoints:http:Url", HttpAddress.ToString());
            builder.UseSetting("Kestrel:Endpoints:grpc:Url", GrpcAddress.ToString());
            builder.ConfigureServices(services => services.AddSingleton(time));
            builder.ConfigureLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddFilter(_ => true).AddProvider(this));
        }

        private static Uri FreeAddress() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ServerProcess.FreePort()}"));
    }

    private sealed class RecordingLogger(ConcurrentQueue<string> lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {category} {eventId.Id} {formatter(state, exception)} {exception}");
    }
}
