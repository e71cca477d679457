namespace Clearway.Signaling.Protocol;

/// <summary>
/// The words that a quality report may use. They label metrics, so they are a closed set: a client's own words would be series without end.
/// </summary>
internal static class LinkWords
{
    /// <summary>Kinds of ICE candidates (RFC 8445 section 5.1.1).</summary>
    internal static readonly string[] Candidates = ["host", "srflx", "prflx", "relay"];

    /// <summary>What spoils a connection most.</summary>
    internal static readonly string[] Causes = ["none", "loss", "delay", "jitter", "relay", "silent"];
}
