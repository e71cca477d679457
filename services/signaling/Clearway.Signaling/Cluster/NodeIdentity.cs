using System.Security.Cryptography;

namespace Clearway.Signaling.Cluster;

/// <summary>This process among the gateway's nodes. A node that starts again is another node.</summary>
internal sealed class NodeIdentity
{
    /// <summary>16 hexadecimal digits.</summary>
    internal string Id { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);
}
