using Clearway.Testing;
using Microsoft.Playwright;

namespace Clearway.EndToEndTests;

/// <summary>A screen, a colour scheme and a language in which a page is looked at.</summary>
/// <param name="Name">Names its pictures.</param>
/// <param name="Size">Of the page.</param>
/// <param name="Scheme">Which colours.</param>
/// <param name="Language">Which texts.</param>
/// <param name="IsAudited">Whether the rules of accessibility are checked in it; so each size, scheme and language is, once.</param>
internal sealed record Look(string Name, ScreenSize Size, ColorScheme Scheme, string Language, bool IsAudited = false)
{
    /// <summary>Every size in both schemes, every language in each size.</summary>
    public static IReadOnlyList<Look> All { get; } =
    [
        new("desktop-light-en", ScreenSize.Desktop, ColorScheme.Light, "en", IsAudited: true),
        new("desktop-dark-ru", ScreenSize.Desktop, ColorScheme.Dark, "ru"),
        new("tablet-light-ru", ScreenSize.Tablet, ColorScheme.Light, "ru", IsAudited: true),
        new("tablet-dark-en", ScreenSize.Tablet, ColorScheme.Dark, "en"),
        new("phone-light-ru", ScreenSize.Phone, ColorScheme.Light, "ru"),
        new("phone-dark-en", ScreenSize.Phone, ColorScheme.Dark, "en", IsAudited: true),
    ];
}

/// <summary>How a page looks on every screen, and to those who do not see it.</summary>
public sealed partial class ParticipantPage
{
    /// <summary>axe-core, the rules of WCAG 2.2 up to AA as a program; installed with the client's other tools.</summary>
    private static readonly Lazy<string> _axe = new(() => File.ReadAllText(
        Path.Combine(Repository.Folder, "services", "web", "node_modules", "axe-core", "axe.min.js")));

    /// <summary>Pictures of this state in every look, in which the page fits its screen; it breaks no rule of accessibility.</summary>
    public async Task LookAtAsync(string state)
    {
        foreach (var look in Look.All)
        {
            await Page.SetViewportSizeAsync(look.Size.Width, look.Size.Height);
            await Page.EmulateMediaAsync(new() { ColorScheme = look.Scheme, ReducedMotion = ReducedMotion.Reduce });
            await SetLanguageAsync(look.Language);
            await CaptureAsync($"{state}-{look.Name}");
            if (look.IsAudited)
            {
                await AssertAccessibleAsync($"{state}-{look.Name}");
            }
        }

        await Page.SetViewportSizeAsync(ScreenSize.Desktop.Width, ScreenSize.Desktop.Height);
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Null });
        await SetLanguageAsync("en");
    }

    /// <summary>Goes on by the Tab key until this has the focus, as people without a mouse do.</summary>
    public async Task TabToAsync(string testId)
    {
        const int MostStops = 60;
        var target = this[testId];
        for (var stops = 0; stops < MostStops; stops++)
        {
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }

            await Page.Keyboard.PressAsync("Tab");
        }

        throw new TimeoutException($"{testId} is not reached by the Tab key.");
    }

    /// <summary>Changes the language as a second tab of the same browser would.</summary>
    public Task SetLanguageAsync(string language) => Page.EvaluateAsync(
        """
        async language => {
          dispatchEvent(new StorageEvent('storage', { key: 'clearway.language', newValue: language }));
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
        }
        """,
        language);

    /// <summary>The page breaks no rule of WCAG 2.2, levels A and AA, that a program can check.</summary>
    public async Task AssertAccessibleAsync(string state)
    {
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await Page.EvaluateAsync(_axe.Value);
        }

        var broken = await Page.EvaluateAsync<string[]>(
            """
            async () => {
              const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
              const { violations } = await window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
              return violations.flatMap(({ id, help, nodes }) => nodes.map(node => `${id}: ${help}: ${node.target} ${node.any.map(one => one.message).join('; ')}`));
            }
            """);
        Assert.True(broken.Length == 0, $"{state} is not accessible:{Environment.NewLine}{string.Join(Environment.NewLine, broken)}");
    }

    /// <summary>When the first text or picture was on the screen, in milliseconds after the navigation began (Paint Timing).</summary>
    public Task<double> FirstPaintMsAsync() => Page.EvaluateAsync<double>(
        """
        () => new Promise(done => new PerformanceObserver(list => {
          const paint = list.getEntries().find(({ name }) => name === 'first-contentful-paint');
          if (paint) done(paint.startTime);
        }).observe({ type: 'paint', buffered: true }))
        """);

    /// <summary>How much of the screen jumped since the page was loaded without anybody having asked for it (Layout Instability).</summary>
    public Task<double> LayoutShiftAsync() => Page.EvaluateAsync<double>(
        """
        async () => {
          let sum = 0;
          const add = shifts => { for (const { value, hadRecentInput } of shifts) if (!hadRecentInput) sum += value; };
          const observer = new PerformanceObserver(list => add(list.getEntries()));
          observer.observe({ type: 'layout-shift', buffered: true });
          // What was before comes with the next frame.
          for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
          add(observer.takeRecords());
          return sum;
        }
        """);

    /// <summary>From now on the browser notes how long each click takes until the next frame is drawn (Event Timing).</summary>
    public Task WatchInteractionsAsync() => Page.EvaluateAsync(
        """
        () => {
          const longest = new Map();
          const note = events => {
            for (const { interactionId, duration } of events)
              if (interactionId > 0) longest.set(interactionId, Math.max(duration, longest.get(interactionId) ?? 0));
          };
          const observer = new PerformanceObserver(list => note(list.getEntries()));
          observer.observe({ type: 'event', durationThreshold: 16 });
          window.interactions = () => {
            note(observer.takeRecords());
            return [...longest.values()];
          };
        }
        """);

    /// <summary>How long each click took, in milliseconds; those under 16 ms the browser does not tell, and all others with the frame that follows.</summary>
    public Task<double[]> InteractionsMsAsync() => Page.EvaluateAsync<double[]>(
        """
        async () => {
          for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
          return window.interactions();
        }
        """);
}
