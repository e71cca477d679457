namespace Grpc.Core;

/// <summary>Whether a channel is plain or TLS; the address says the same by its scheme.</summary>
public abstract class ChannelCredentials
{
    public static ChannelCredentials Insecure { get; } = new Kind();

    public static ChannelCredentials SecureSsl { get; } = new Kind();

    private sealed class Kind : ChannelCredentials
    {
    }
}
