using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>
/// A span for each command sent inside a recorded span, from the client's own profiling, under the source name that
/// OpenTelemetry.Instrumentation.StackExchangeRedis uses.
/// </summary>
internal sealed class RedisTracing : IProfiler, IDisposable
{
    private static readonly ActivitySource Source = new("OpenTelemetry.Instrumentation.StackExchangeRedis");
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ConnectionMultiplexer _multiplexer;
    private readonly ConditionalWeakTable<Activity, Session> _sessions = [];
    private readonly ConcurrentQueue<Session> _open = new();
    private readonly Timer _timer;

    internal RedisTracing(ConnectionMultiplexer multiplexer)
    {
        _multiplexer = multiplexer;
        multiplexer.RegisterProfiler(this);
        _timer = new Timer(_ => Drain(), null, Period, Period);
    }

    object? IProfiler.GetContext()
    {
        // Without a listener nobody would see the spans; without a recorded parent they would be roots of their own.
        return !ScriptTracing.IsHandingOver && Source.HasListeners() && Activity.Current is { Recorded: true } parent
            ? _sessions.GetValue(parent, Open)
            : null;
    }

    /// <summary>A span for a script, from here until it is disposed, inside a recorded one.</summary>
    internal static Activity? StartScript() => Activity.Current is { Recorded: true }
        ? Source.StartActivity("EVAL", ActivityKind.Client)?.SetTag("db.system", "redis").SetTag("db.statement", "EVAL")
        : null;

    public void Dispose()
    {
        _timer.Dispose();
        Drain();
        Drain();
    }

    private Session Open(Activity parent)
    {
        var session = new Session(parent);
        _multiplexer.BeginProfiling(session);
        _open.Enqueue(session);
        return session;
    }

    /// <summary>A session is first taken away from its span, and finished one period later: commands in flight then still count.</summary>
    private void Drain()
    {
        for (var remaining = _open.Count; remaining > 0 && _open.TryDequeue(out var session); remaining--)
        {
            if (!session.Closing)
            {
                session.Closing = true;
                _sessions.Remove(session.Parent);
                _open.Enqueue(session);
                continue;
            }

            foreach (var command in _multiplexer.FinishProfiling(session))
            {
                Emit(session.Parent.Context, command);
            }
        }
    }

    private static void Emit(ActivityContext parent, IProfiledCommand command)
    {
        using var activity = Source.StartActivity(command.Command, ActivityKind.Client, parent, startTime: command.CommandCreated);
        if (activity is null)
        {
            return;
        }

        activity.SetTag("db.system", "redis");
        activity.SetTag("db.statement", command.Command);
        if (command.EndPoint is IPEndPoint ip)
        {
            activity.SetTag("server.address", ip.Address.ToString());
            activity.SetTag("server.port", ip.Port);
        }
        else if (command.EndPoint is DnsEndPoint dns)
        {
            activity.SetTag("server.address", dns.Host);
            activity.SetTag("server.port", dns.Port);
        }

        // Version 1 counts stopwatch ticks as if they were TimeSpan ticks.
        activity.SetEndTime(command.CommandCreated + (command.ElapsedTime * TimeSpan.TicksPerSecond / Stopwatch.Frequency));
    }

    private sealed class Session(Activity parent)
    {
        internal Activity Parent { get; } = parent;

        internal bool Closing { get; set; }
    }
}
