using System.Reflection;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>
/// Spans of scripts. The client's own profiling of version 1 cannot take them: it notes twice that a script was sent, throws for that, and fails
/// whatever waits to be sent behind it. So it looks away while a script is handed over, and the span is made here.
/// </summary>
#pragma warning disable CA1852 // The proxy that is made at run time derives from it.
internal class ScriptTracing : DispatchProxy
#pragma warning restore CA1852
{
    [ThreadStatic]
    private static bool _isHandingOver;

    private object _client = null!;

    /// <summary>Whether the command that this thread hands over is a script.</summary>
    internal static bool IsHandingOver => _isHandingOver;

    internal static IConnectionMultiplexer Around(IConnectionMultiplexer multiplexer) => Around<IConnectionMultiplexer>(multiplexer);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Call(targetMethod!, args) switch
    {
        IDatabase database when targetMethod!.Name == nameof(IConnectionMultiplexer.GetDatabase) => Around(database),
        var answer => answer,
    };

    private static T Around<T>(T client)
        where T : class
    {
        var proxy = Create<T, ScriptTracing>();
        ((ScriptTracing)(object)proxy)._client = client;
        return proxy;
    }

    private static async Task<RedisResult> AwaitAsync(Func<Task<RedisResult>> send)
    {
        using var span = RedisTracing.StartScript();
        return await send();
    }

    private object? Call(MethodInfo method, object?[]? args) => method.Name == nameof(IDatabase.ScriptEvaluateAsync)
        ? AwaitAsync(() => (Task<RedisResult>)HandOver(method, args)!)
        : Pass(method, args);

    private object? HandOver(MethodInfo method, object?[]? args)
    {
        _isHandingOver = true;
        try
        {
            return Pass(method, args);
        }
        finally
        {
            _isHandingOver = false;
        }
    }

    private object? Pass(MethodInfo method, object?[]? args) =>
        method.Invoke(_client, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
}
