using Clearway.Auth.V1;
using Clearway.Chat.V1;
using Clearway.ServiceDefaults;
using Clearway.Signaling;
using Clearway.Signaling.Administration;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Connections;
using Clearway.Storage.V1;
using StackExchange.Redis;

// Before the first socket: frames are relayed on the thread that polls the sockets, not after a turn in the thread pool: docs/decisions/0012.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSystemMessageKey();
builder.AddRedisClient("redis", configureOptions: redis => redis.ReconnectRetryPolicy = new LinearRetry(1_000));
builder.Services
    .AddGrpcClient<AuthService.AuthServiceClient>(o => o.Address = builder.Configuration.GetServiceAddress("auth", "grpc"))
    .AddServiceResilience(o => (o.Idempotent, o.AttemptTimeout, o.MinimumAttempts) = (true, TimeSpan.FromSeconds(1), 5));
builder.Services
    .AddGrpcClient<ChatHistoryService.ChatHistoryServiceClient>(o => o.Address = builder.Configuration.GetServiceAddress("chat", "grpc"))
    .AddServiceResilience(o => o.Idempotent = true);
builder.Services
    .AddGrpcClient<RecordingService.RecordingServiceClient>(o => o.Address = builder.Configuration.GetServiceAddress("storage", "grpc"))
    .AddServiceResilience(o => o.Idempotent = true);
builder.AddSignaling();

var app = builder.Build();
app.UseWebSockets();
app.MapHealthEndpoints();
app.MapNodeProbe();
app.MapSignaling();
app.MapAdministration();
app.Run();
