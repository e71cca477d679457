using Grpc.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>Bytes that one message may have; null is any size.</summary>
internal readonly record struct MessageLimits(int? MaxReceiveBytes, int? MaxSendBytes)
{
    /// <summary>A service's own limits go before those of the host.</summary>
    public static MessageLimits Of(GrpcServiceOptions service, GrpcServiceOptions host) => new(
        service.MaxReceiveMessageSizeSpecified ? service.MaxReceiveMessageSize
            : host.MaxReceiveMessageSizeSpecified ? host.MaxReceiveMessageSize
            : ProtocolNames.DefaultMaxReceiveMessageSize,
        service.MaxSendMessageSizeSpecified ? service.MaxSendMessageSize : host.MaxSendMessageSize);
}
