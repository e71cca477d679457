using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Clearway.Testing;

namespace Clearway.TestApp;

/// <summary>
/// The whole product, started through its AppHost with state of its own that is deleted at the end. Every resource is real: the
/// services, Redis, PostgreSQL, the storage emulator.
/// </summary>
public sealed class ClearwayApp : IAsyncDisposable
{
    /// <summary>Long enough for a cold start on two busy cores; a start that takes longer is a failure.</summary>
    private static readonly TimeSpan _startTimeout = TimeSpan.FromMinutes(3);

    private const string ApiKeySecret = "a secret of a backend, made for these tests";

    private static readonly string[] _grants =
        ["rooms:create", "rooms:read", "rooms:moderate", "tokens:mint", "recordings:read", "recordings:manage"];

    private readonly DistributedApplication _app;
    private readonly OtlpReceiver _otlp;
    private readonly DirectoryInfo _state;
    private int _logsChecked;

    private ClearwayApp(DistributedApplication app, OtlpReceiver otlp, DirectoryInfo state)
    {
        _app = app;
        _otlp = otlp;
        _state = state;
    }

    /// <summary>Password of organizers in this instance.</summary>
    public const string OrganizerPassword = "a password made for these tests";

    /// <summary>An API key of the organizers' tenant, as HTTP Basic carries it, with every grant.</summary>
    public static string ApiKey { get; } = Convert.ToBase64String(Encoding.UTF8.GetBytes("backend:" + ApiKeySecret));

    /// <summary>Address of the proxy, the only one that people and browsers know.</summary>
    public Uri Address => _app.GetEndpoint("proxy", "http");

    /// <summary>What the services and the browsers sent by OTLP.</summary>
    public OtlpReceiver Telemetry => _otlp;

    /// <summary>Starts everything and waits until the proxy, and with it all that it depends on, is healthy.</summary>
    /// <param name="stateDirectory">Folder for keys and data that outlive this instance; by default one that is deleted with it.</param>
    /// <param name="database">Connection string of a PostgreSQL server that the test has; by default the app starts one.</param>
    /// <param name="embedder">Origin of pages that are not Clearway's and may call it; none by default.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ClearwayApp> StartAsync(
        string? stateDirectory = null, string? database = null, Uri? embedder = null, CancellationToken cancellationToken = default)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_startTimeout);

        var state = Directory.CreateTempSubdirectory("clearway-app-");
        var otlp = await OtlpReceiver.StartAsync();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Clearway_AppHost>(
            [
                $"--Clearway:Ephemeral={stateDirectory is null}",
                $"--Clearway:StateDirectory={stateDirectory ?? state.FullName}",
                $"--Parameters:organizer-password={OrganizerPassword}",
                "--Clearway:ApiKeys:0:Id=backend",
                "--Clearway:ApiKeys:0:Tenant=default",
                .. _grants.Select((grant, i) => $"--Clearway:ApiKeys:0:Grants:{i}={grant}"),
                $"--Parameters:api-key-backend={ApiKeySecret}",
                .. database is null ? Array.Empty<string>() : [$"--ConnectionStrings:clearwaydb={database}"],
                .. embedder is null ? Array.Empty<string>() : [$"--Clearway:AllowedOrigins:0={embedder.GetLeftPart(UriPartial.Authority)}"],
                $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={otlp.GrpcEndpoint}",
            ],
            timeout.Token);
        var app = await builder.BuildAsync(timeout.Token);
        try
        {
            await app.StartAsync(timeout.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("proxy", timeout.Token);
            return new ClearwayApp(app, otlp, state);
        }
        catch
        {
            // Nobody else knows of it: what runs of it would outlive the test.
            await app.DisposeAsync();
            await otlp.DisposeAsync();
            state.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>An HTTP client for the proxy that follows no redirect and keeps no cookie by itself.</summary>
    public HttpClient CreateClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };

    /// <summary>Which logged errors a test brings about on purpose; none by default.</summary>
    public Predicate<string> IsExpectedError { get; set; } = _ => false;

    /// <summary>Fails when a service logged an error since the last call that is not expected.</summary>
    /// <exception cref="InvalidOperationException">Errors were logged; the message holds them.</exception>
    public void ThrowOnLoggedErrors()
    {
        var received = _otlp.Logs;
        var errors = LoggedErrors.In(received.Skip(_logsChecked)).Where(error => !IsExpectedError(error)).ToList();
        _logsChecked = received.Count;
        if (errors.Count > 0)
        {
            throw new InvalidOperationException($"Services logged errors:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _otlp.DisposeAsync();
        _state.Delete(recursive: true);
        ThrowOnLoggedErrors();
    }
}
