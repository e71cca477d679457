using Clearway.ServiceDefaults;
using Clearway.Storage.Links;
using Clearway.Storage.Recordings;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddAzureBlobContainerClient("recordings");
builder.AddRecordings();
builder.AddLinks();
builder.Services.AddGrpc();

var app = builder.Build();

app.MapHealthEndpoints();
app.MapGrpcService<RecordingGrpcService>();

await app.RunAsync();
