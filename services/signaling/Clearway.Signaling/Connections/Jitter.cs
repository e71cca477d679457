using System.Security.Cryptography;

namespace Clearway.Signaling.Connections;

/// <summary>Chance in what clients are told to wait, so that they do not all come at once.</summary>
internal static class Jitter
{
    /// <summary>Milliseconds from 1 up to a limit, each as likely.</summary>
    internal static int Below(TimeSpan limit) => 1 + RandomNumberGenerator.GetInt32((int)limit.TotalMilliseconds);
}
