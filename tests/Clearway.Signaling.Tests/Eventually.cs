namespace Clearway.Signaling.Tests;

/// <summary>Waiting for what comes about by itself.</summary>
internal static class Eventually
{
    internal static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"Never came true: {what}");
            await Task.Delay(10);
        }
    }
}
