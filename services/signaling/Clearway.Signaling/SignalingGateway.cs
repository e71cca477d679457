using Clearway.Signaling.Administration;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Connections;
using Clearway.Signaling.Framing;
using Clearway.Signaling.Policy;
using Clearway.Signaling.Rooms;
using Microsoft.AspNetCore.Connections;

namespace Clearway.Signaling;

/// <summary>The gateway's own parts.</summary>
internal static class SignalingGateway
{
    internal static void AddSignaling(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SignalingOptions>().BindConfiguration("Signaling").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<OriginOptions>().BindConfiguration("Clearway");

        // Frames are relayed on the thread that read them; nothing on that way blocks: docs/decisions/0012.
        services.AddSingleton<IMemoryPoolFactory<byte>, TransportMemory>();
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(TransportHandover.Around)));

        services.AddSingleton<FlushQueue>();
        services.AddSingleton<RoomsOpenCheck>();
        services.AddHealthChecks().AddCheck<RoomsOpenCheck>("rooms-open");
        services.AddSingleton<NodeIdentity>();
        services.AddSingleton<NodeAddress>();
        services.AddSingleton<RedisCircuit>();
        services.AddSingleton<RedisEpoch>();
        services.AddSingleton<SignalingMetrics>();
        services.AddSingleton<ClusterOutbox>();
        services.AddSingleton<Roster>();
        services.AddSingleton<TimeWheel>();
        services.AddSingleton<RoomDirectory>();
        services.AddSingleton<TokenCheck>();
        services.AddSingleton<OriginPolicy>();
        services.AddSingleton<Membership>();
        services.AddSingleton<Lobby>();
        services.AddSingleton<Departures>();
        services.AddSingleton<SystemMessages>();
        services.AddSingleton<Announcements>();
        services.AddSingleton<RoomChat>();
        services.AddSingleton<ChatChanges>();
        services.AddSingleton<RecordingOpening>();
        services.AddSingleton<RoomRecording>();
        services.AddSingleton<RoomModeration>();
        services.AddSingleton<RoomGovernance>();
        services.AddSingleton<Charging>();
        services.AddSingleton<Quotas>();
        services.AddSingleton<RoomPresence>();
        services.AddSingleton<RoomCommands>();
        services.AddSingleton<SeatedFrames>();
        services.AddSingleton<Audit>();
        services.AddAdministration();
        services.AddSingleton<ConnectionServices>();
        services.AddHostedService<OriginNotice>();
        services.AddHostedSingleton<OpenConnections>();
        services.AddSingleton<LoadShedding>();
        services.AddHostedSingleton<ChatArchive>();

        // In this order: whoever learns of the node from its heartbeat can reach it.
        services.AddHostedService<NodeLink>();
        services.AddHostedSingleton<NodeRegistry>();
        services.AddHostedService<Drain>();
        services.AddHostedService<RosterSync>();
    }

    private static void AddHostedSingleton<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
