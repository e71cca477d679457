using Clearway.LoadTest.Servers;

namespace Clearway.LoadTest.Wire;

/// <summary>The thread that is the clients: it has a core, where the server under measurement does not run.</summary>
internal static class LoadThread
{
    /// <summary>Runs something there.</summary>
    /// <param name="run">What; it makes and uses swarms.</param>
    /// <param name="isPinned">Whether the thread keeps to the client's core.</param>
    internal static Task<T> RunAsync<T>(Func<T> run, bool isPinned = true)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                if (isPinned)
                {
                    Kernel.PinThread(Machine.ClientCore);
                }

                result.SetResult(run());
            }
#pragma warning disable CA1031 // Whatever it is, the one who waits for the result gets it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                result.SetException(exception);
            }
        })
        { Name = "clients" }.Start();
        return result.Task;
    }
}
