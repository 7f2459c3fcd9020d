-- load.lua: requests of one action, for wrk. ACTION, FIRST (the session to
-- begin with), STEP (sessions a thread may use) and KEY come by environment.
local action = os.getenv("ACTION")
local first, step = tonumber(os.getenv("FIRST")), tonumber(os.getenv("STEP"))
local threads = 0

function setup(thread)
	thread:set("id", threads)
	threads = threads + 1
end

function init()
	n = first + id * step
	wrk.headers["Content-Type"] = "application/json"
	wrk.headers["X-Gateway-Key"] = os.getenv("KEY")
end

local bodies = {
	create_session = '{"amount":49.99,"order_id":"ORD-1","items":[{"name":"Premium Game Credits","qty":1,"price":49.99,"total":49.99}],"callback_url":"https://yoursite.com/webhooks/dapit"}',
	list_transactions = '{}',
}

function request()
	n = n + 3	-- every third session is in the same status
	if n >= first + (id + 1) * step then n = first + id * step + 3 end
	local body = bodies[action] or string.format('{"token":"%032x%032x"}', n, n)
	return wrk.format("POST", nil, nil, body)
end
