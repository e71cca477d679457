namespace Clearway.LoadTest.Servers;

/// <summary>How the product is started for one campaign.</summary>
internal sealed record Setting
{
    /// <summary>Nodes of the gateway.</summary>
    internal int Nodes { get; init; } = 1;

    /// <summary>Whether the proxy is started in front of them.</summary>
    internal bool HasEdge { get; init; }

    /// <summary>The core of the gateway's nodes and of the proxy; null for any.</summary>
    internal int? Core { get; init; }

    /// <summary>The core of everything behind the gateway.</summary>
    internal int? StoresCore { get; init; }

    /// <summary>Settings of the gateway beside the necessary ones, as environment variables.</summary>
    internal IReadOnlyDictionary<string, string> Gateway { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Deadlines for Auth and Redis that a machine misses on which everything runs at once: what is asked is whether the outcome is right,
    /// not how soon it comes.
    /// </summary>
    internal static IReadOnlyDictionary<string, string> Patient { get; } = new Dictionary<string, string>
    {
        ["Signaling__AuthTimeout"] = "00:00:30",
        ["Signaling__RedisTimeout"] = "00:00:30",
    };
}
