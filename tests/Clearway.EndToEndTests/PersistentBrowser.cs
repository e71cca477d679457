using System.Diagnostics;
using Microsoft.Playwright;

namespace Clearway.EndToEndTests;

/// <summary>A browser with a profile on the disk, as people have: what a page keeps outlives it.</summary>
public sealed class PersistentBrowser : IAsyncDisposable
{
    private readonly string _profile;
    private bool _isKilled;

    internal PersistentBrowser(string name, string profile, IBrowserContext context)
    {
        _profile = profile;
        Person = new ParticipantPage(name, context, context.Pages[0]);
    }

    /// <summary>Who sits before it.</summary>
    public ParticipantPage Person { get; }

    /// <summary>Ends the whole browser at once, as a crash or a power cut does: no page hears of it.</summary>
    public async Task KillAsync()
    {
        _isKilled = true;
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (IsOurs(process.Id))
                {
                    process.Kill(entireProcessTree: true);
                    await process.WaitForExitAsync();
                }
            }
        }

        // Left behind by a browser that was killed, it tells the next one that the profile is in use.
        File.Delete(Path.Combine(_profile, "SingletonLock"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_isKilled)
        {
            await Person.DisposeAsync();
        }
    }

    /// <summary>The browser's own process is the one that was told the profile and has no type.</summary>
    private bool IsOurs(int processId)
    {
        try
        {
            var arguments = File.ReadAllText($"/proc/{processId}/cmdline").Split('\0');
            return arguments.Contains($"--user-data-dir={_profile}") && !arguments.Any(argument => argument.StartsWith("--type=", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // It has ended in the meantime.
            return false;
        }
    }
}
