using Clearway.TestApp;
using Microsoft.Playwright;

namespace Clearway.EndToEndTests;

/// <summary>One running application and one Chromium for all tests of the collection; each test opens rooms and browsers of its own.</summary>
public sealed class ClearwayFixture : IAsyncLifetime
{
    private static readonly string[] _flags =
    [
        "--no-sandbox",
        // Without a graphics card, one that is imitated costs a call of four a third more.
        "--disable-gpu",
        // Three people with cameras are six streams to encode on one machine: ten pictures a second show all that is asked.
        "--use-fake-device-for-media-stream=fps=10",
        "--use-fake-ui-for-media-stream",
        "--auto-select-desktop-capture-source=Entire screen",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ];

    private static readonly string _chromium = Path.Combine(AppContext.BaseDirectory, "chromium.sh");

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The running application.</summary>
    public ClearwayApp App { get; private set; } = null!;

    /// <summary>Somebody else's web server, whose pages embed calls of the application.</summary>
    internal IntegratorSite Integrator { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Integrator = await IntegratorSite.StartAsync();
        App = await ClearwayApp.StartAsync(embedder: Integrator.Address);
        _playwright = await Playwright.CreateAsync();
        // Whoever waits for a condition waits for that; this is when a machine that is full gives up.
        Assertions.SetDefaultExpectTimeout(20_000);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = _chromium,
            Args = _flags,
        });
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (App is not null)
        {
            await App.DisposeAsync();
        }

        if (Integrator is not null)
        {
            await Integrator.DisposeAsync();
        }
    }

    /// <summary>A browser profile of its own for one person.</summary>
    public async Task<ParticipantPage> OpenBrowserAsync(
        string name, ScreenSize size = default, ColorScheme scheme = ColorScheme.Light, string locale = "en-GB", bool withServiceWorker = false)
    {
        var (width, height) = size == default ? ScreenSize.Desktop : size;
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = App.Address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            Locale = locale,
            Permissions = ["camera", "microphone", "clipboard-read", "clipboard-write"],
            // Through a service worker requests go past the routes by which tests change them.
            ServiceWorkers = withServiceWorker ? ServiceWorkerPolicy.Allow : ServiceWorkerPolicy.Block,
        });
        return new ParticipantPage(name, context, await context.NewPageAsync());
    }

    /// <summary>A browser of its own with a profile in this folder.</summary>
    public async Task<PersistentBrowser> OpenPersistentBrowserAsync(string name, string profile)
    {
        var context = await _playwright!.Chromium.LaunchPersistentContextAsync(profile, new BrowserTypeLaunchPersistentContextOptions
        {
            ExecutablePath = _chromium,
            Args = _flags,
            BaseURL = App.Address.ToString(),
            Locale = "en-GB",
            Permissions = ["camera", "microphone"],
            ServiceWorkers = ServiceWorkerPolicy.Block,
        });
        return new PersistentBrowser(name, profile, context);
    }
}

/// <summary>A viewport in CSS pixels.</summary>
public readonly record struct ScreenSize(int Width, int Height)
{
    /// <summary>A laptop.</summary>
    public static ScreenSize Desktop { get; } = new(1440, 900);

    /// <summary>A tablet held upright.</summary>
    public static ScreenSize Tablet { get; } = new(820, 1180);

    /// <summary>A small phone held upright.</summary>
    public static ScreenSize Phone { get; } = new(360, 740);
}

/// <summary>Shares the running application among the tests.</summary>
[CollectionDefinition(nameof(ClearwayCollection))]
public sealed class ClearwayCollection : ICollectionFixture<ClearwayFixture>;
