namespace Clearway.Offline.Grpc.Tests;

/// <summary>Waits for a condition of another process.</summary>
internal static class Eventually
{
    /// <exception cref="TimeoutException">The condition did not come true within 20 seconds.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var deadline = DateTime.UtcNow + TimeSpan.FromSeconds(20);
        while (!await condition())
        {
            if (DateTime.UtcNow > deadline)
            {
                throw new TimeoutException("The condition did not come true.");
            }

            await Task.Yield();
        }
    }
}
