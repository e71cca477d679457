namespace Grpc.AspNetCore.Server;

/// <summary>Limits of all services of a host.</summary>
public class GrpcServiceOptions
{
    /// <summary>Bytes of one message; null allows any size, which is also the default.</summary>
    public int? MaxSendMessageSize
    {
        get;
        set
        {
            field = value;
            MaxSendMessageSizeSpecified = true;
        }
    }

    public bool MaxSendMessageSizeSpecified { get; set; }

    /// <summary>Bytes of one message; null allows any size, the default is 4 MiB.</summary>
    public int? MaxReceiveMessageSize
    {
        get;
        set
        {
            field = value;
            MaxReceiveMessageSizeSpecified = true;
        }
    }

    public bool MaxReceiveMessageSizeSpecified { get; set; }

    /// <summary>True tells the caller type and message of an exception that a method threw.</summary>
    public bool? EnableDetailedErrors { get; set; }
}

/// <summary>Limits of one service, in place of the host's where they are set.</summary>
public class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class
{
}
