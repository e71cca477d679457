using Clearway.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// Stores: a server that the configuration names, else one that is started here.
var redis = builder.AddRedisStore("redis");
var clearwaydb = builder.AddDatabaseStore("clearwaydb", server: "postgres");
var (blobs, recordings, chatfiles) = builder.AddBlobStore(account: "blobstore", service: "blobs", "recordings", "chatfiles");

// Secrets: generated on the first start, found again by later ones.
var organizerPassword = builder.AddSecret("organizer-password", length: 20);
var turnSecret = builder.AddSecret("turn-secret", length: 40);
var systemMessageKey = builder.AddSecret("system-message-key", length: 48);
var recordingLinkKey = builder.AddSecret("recording-link-key", length: 48);

var auth = builder.AddProject<Projects.Clearway_Auth>("auth")
    .WithReference(redis).WaitFor(redis)
    .WithEnvironment("Auth__OrganizerPassword", organizerPassword)
    .WithSigningKey()
    .WithCertificateAuthority()
    .WithApiKeys()
    .WithTurnServer("turn", turnSecret);

var chat = builder.AddProject<Projects.Clearway_Chat>("chat")
    .WithReference(clearwaydb).WaitFor(clearwaydb)
    .WithReference(chatfiles).WaitFor(chatfiles)
    .WithEnvironment("SystemMessages__Key", systemMessageKey);

var storage = builder.AddProject<Projects.Clearway_Storage>("storage")
    .WithReference(blobs).WaitFor(blobs)
    .WithReference(recordings).WaitFor(recordings)
    .WithEnvironment("SystemMessages__Key", systemMessageKey)
    .WithEnvironment("RecordingLinks__Key", recordingLinkKey)

    // Two arenas of the C library: with one for each thread, much of what is given back stays resident (docs/performance.md).
    .WithEnvironment("MALLOC_ARENA_MAX", "2");

var signaling = builder.AddProject<Projects.Clearway_Signaling>("signaling")
    .WithReplicas(2)
    .WithReference(redis).WaitFor(redis)
    .WithReference(auth).WaitFor(auth)
    .WithReference(chat).WaitFor(chat)
    .WithReference(storage).WaitFor(storage)
    .WithEnvironment("SystemMessages__Key", systemMessageKey)

    // Little memory between collections, so that each is short: docs/decisions/0030-young-generation.md.
    .WithEnvironment("DOTNET_GCgen0size", "0x600000");

// The proxy serves the built client; this is the hot-reloading server for work on it, started from the dashboard. The build installs
// the packages of both.
var web = builder.AddViteApp("web", "../services/web")
    .WithNpm(install: false)
    .WithExplicitStart();

var proxy = builder.AddProject<Projects.Clearway_Proxy>("proxy")
    .WithExternalHttpEndpoints()
    .WithReference(redis)
    .WithReference(auth).WaitFor(auth)
    .WithReference(chat).WaitFor(chat)
    .WithReference(storage).WaitFor(storage)
    .WithReference(signaling).WaitFor(signaling)
    .PublishWithContainerFiles(web, "wwwroot");

signaling.WithWebOrigins(proxy);
proxy.WithWebOrigins(proxy);
if (builder.ExecutionContext.IsPublishMode)
{
    // The proxy's, and that of the platform's ingress before auth.
    auth.WithEnvironment("Auth__ForwardedHops", "2");
}

foreach (var service in (IResourceBuilder<ProjectResource>[])[auth, chat, storage, signaling, proxy])
{
    service.WithHttpHealthCheck("/health/ready", endpointName: "http");
    if (builder.ExecutionContext.IsRunMode)
    {
        service.WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName);
    }
}

builder.Build().Run();
