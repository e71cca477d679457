using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
var settings = builder.Configuration;

var password = builder.AddParameter("password", "a-password", secret: true);
var redis = builder.AddRedis("redis", settings.GetValue<int?>("RedisPort"), password);
if (settings["Data"] is { } data)
{
    redis.WithDataBindMount(Path.Combine(data, "redis"));
}

if (settings.GetValue<bool>("Stores"))
{
    var postgres = builder.AddPostgres("postgres", password: password);
    postgres.AddDatabase("db", "the \"database\"");
    var storage = builder.AddAzureStorage("storage").RunAsEmulator();
    storage.AddBlobs("blobs");
    storage.AddBlobContainer("files");
}

var service = builder.AddProject<Projects.Sample_Service>("service")
    .WithReference(redis).WaitFor(redis)
    .WithReplicas(settings.GetValue("Replicas", 1))
    .WithHttpHealthCheck("/ready", endpointName: "http")
    .WithEnvironment("Sick", settings["Sick"] ?? "false");
if (settings["Ends"] is { } lastWords)
{
    service.WithEnvironment("Ends", lastWords);
}

builder.AddProject<Projects.Sample_Service>("dependent")
    .WithReference(service).WaitFor(service)
    .WithHttpHealthCheck("/ready", endpointName: "http");

builder.Build().Run();
